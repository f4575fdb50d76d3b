import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { Operation } from "../../operation.ts";
import type { ProgressEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import type { Ref } from "../../values/id.ts";
import { save, type SaveOptions } from "./save.ts";

/** What was saved. */
export interface SaveResult {
  /** The file, as an absolute path. */
  readonly file: string;
  /** Its size. */
  readonly bytes: number;
}

/** Bytes between two events. */
const step = 1024 * 1024;

/** Writes to a file beside it until the tar is whole: what is there stays as it is when the save fails. */
export function saveTo(
  caller: Caller,
  images: Ref | readonly Ref[],
  path: string,
  options: SaveOptions = {},
): Operation<ProgressEvent, SaveResult> {
  const file = resolve(path);
  return new Operation(async function* (signal) {
    const tar = await save(caller, images, { ...options, signal });
    await using _ = tar;
    const partial = `${file}.${randomBytes(4).toString("hex")}.part`;
    const target = await open(partial, "w");
    let bytes = 0;
    let told = 0;
    const event = (state: string): ProgressEvent => {
      told = bytes;
      return { type: "progress", id: basename(file), state, current: bytes, total: undefined, unit: "bytes" };
    };
    try {
      yield event("Saving");
      for await (const chunk of tar) {
        await target.writeFile(chunk);
        bytes += chunk.length;
        if (bytes - told >= step) yield event("Saving");
      }
      await target.close();
      await rename(partial, file);
    } finally {
      await target.close();
      // Unless it has its name: the save failed, or its loop was left.
      await rm(partial, { force: true });
    }
    yield event("Saved");
    return { file, bytes };
  }, options.signal);
}

/** Which COPY brings a project's source, as opposed to its manifests. */
import { baseName } from "../../source/path.ts";
import type { AddInstruction, CopyInstruction, Instruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";
import { pathsTakenBy } from "./taken-paths.ts";

/** A COPY or ADD that brings source. */
export interface SourceCopy {
  readonly instruction: CopyInstruction | AddInstruction;
  /** The path within the context; "" is all of it. */
  readonly path: string;
  /** How sure it is: `whole` context, a folder that is called like one of `source`, or any other `folder`. */
  readonly kind: "whole" | "source" | "folder";
}

const SOURCE_NAMES = new Set([
  "src",
  "source",
  "sources",
  "app",
  "lib",
  "server",
  "client",
  "public",
  "static",
  "templates",
  "tests",
  "test",
]);

/** Files whose names have no ending: `Gemfile`, `Makefile`, `mvnw`, `LICENSE`. */
const ENDLESS_FILE = /file$|^(?:mvnw|gradlew|[A-Z]+)$/;

/** What an instruction brings of the source; undefined for single files, and for what is not of the context. */
export function sourceCopyOf(instruction: Instruction, model: Model): SourceCopy | undefined {
  if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return undefined;
  for (const { path } of pathsTakenBy(instruction, model)) {
    if (path === "") return { instruction, path, kind: "whole" };
    const name = baseName(path);
    // What has an ending is a file, and what begins with a dot the settings of some tool.
    if (/[.*?[]/.test(name) || ENDLESS_FILE.test(name)) continue;
    return { instruction, path, kind: SOURCE_NAMES.has(name) ? "source" : "folder" };
  }
  return undefined;
}

/** What somebody writes who packs the context of `context-tree.ts` with tar-fs. */
import { relative } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-fs";

export function packWithTarFs(context) {
  const ignored = /^(?:node_modules|build)(?:\/|$)|\.log$/;
  // Its stream is not one of Node's, which is asked for more than an iterator.
  return Readable.from(pack(context, { ignore: (path) => ignored.test(relative(context, path)) }));
}

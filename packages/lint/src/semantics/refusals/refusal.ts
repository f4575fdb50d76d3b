import type { Span } from "../../source/span.ts";
import type { Instruction } from "../../syntax/nodes.ts";

/** Something that reads well and that BuildKit refuses all the same when it plans the build. */
export interface Refusal {
  readonly code:
    | "no-stages"
    | "invalid-expansion"
    | "invalid-reference"
    | "blank-reference"
    | "invalid-platform"
    | "invalid-stage"
    | "later-stage"
    | "invalid-source"
    | "invalid-mode"
    | "invalid-checksum"
    | "invalid-port"
    | "invalid-mount"
    | "invalid-signal"
    | "invalid-trigger";
  /** What is wrong, in BuildKit's words where it has any. */
  readonly message: string;
  /** What to do about it: one imperative sentence. */
  readonly advice: string;
  readonly span: Span;
  /** Undefined for the file as a whole. */
  readonly instruction: Instruction | undefined;
}

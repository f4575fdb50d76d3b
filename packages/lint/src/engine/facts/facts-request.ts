/** What is asked of an engine about one file. */
import type { Model } from "../../semantics/model.ts";
import type { BuildRequest } from "../build-image.ts";

/** One file to ask about. */
export interface FactsRequest {
  /** As messages call it. */
  readonly path: string;
  readonly mode: "read" | "build" | "run";
  /** Whether images may be pulled. */
  readonly pull: boolean;
  /** What the text says, without an engine. */
  readonly model: Model;
  readonly build: BuildRequest;
  /** Draws builds on standard error. */
  readonly draw: boolean;
  /** Whether anybody wants to know what building gives. */
  readonly wantsBuild: boolean;
  /** Whether anybody wants to know how a container ends. */
  readonly wantsStop: boolean;
  /** Whether anybody wants to know what it listens on. */
  readonly wantsPorts?: boolean;
  /** Hears what could not be found out, a sentence each. */
  readonly warn: (message: string) => void;
}

/** Measurements as JSON, described by `schema/dflint-measurement.schema.json`. */
import type { BuildFailure } from "../engine/build-image.ts";
import type { Measurement } from "../engine/measurement.ts";

/** A file, and what is built of it where a compose or bake file says. */
export interface NamedFile {
  readonly path: string;
  /** `service web`, `target app`. */
  readonly build?: string | undefined;
}

/** A Dockerfile that does not build. */
export interface UnbuiltFile extends BuildFailure, NamedFile {}

/** A file, and why nothing came of it. */
export interface RefusedFile extends NamedFile {
  readonly message: string;
}

/** What came of the files of one run. */
export interface Measured {
  readonly measurements: readonly Measurement[];
  readonly unbuilt: readonly UnbuiltFile[];
  readonly refused: readonly RefusedFile[];
}

/** The whole text. */
export function formatMeasurementJson({ measurements, unbuilt, refused }: Measured, version: string): string {
  const tool = { name: "dflint", version };
  return `${JSON.stringify({ schemaVersion: 1, tool, measurements, unbuilt, refused }, undefined, 2)}\n`;
}

/** Measurements as JSON, described by `schema/dflint-measurement.schema.json`. */
import type { Measurement } from "../../engine/measurement.ts";

/** A file, and what is built of it where a compose or bake file says. */
export interface NamedFile {
  readonly path: string;
  /** `service web`, `target app`. */
  readonly build?: string | undefined;
}

/** A Dockerfile that does not build. */
export interface UnbuiltFile extends NamedFile {
  readonly message: string;
  /** As the Dockerfile has it; undefined where no step had begun. */
  readonly step: string | undefined;
  /** In the Dockerfile, from 1; undefined where the engine does not tell. */
  readonly line: number | undefined;
  readonly exitCode: number | undefined;
  /** What the step wrote last. */
  readonly log: string;
}

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

/** What a command runs on: where it writes to and reads from. */
import { describeFileError, MAX_BYTES, tooLarge } from "../files/read.ts";
import { EXIT } from "./exit-code.ts";
import { StandardOutput } from "./standard-output.ts";

/** The surroundings of one run. */
export interface Host {
  /** Findings and other results. */
  readonly out: (text: string) => void;
  /** What went wrong. */
  readonly err: (text: string) => void;
  /** All of standard input. */
  readonly readInput: () => Promise<Buffer>;
  /** Whether results go to a terminal. */
  readonly isTerminal: boolean;
  /** The width of that terminal. */
  readonly columns: number | undefined;
  /** Whether somebody watches standard error, so that the progress of builds is drawn there. */
  readonly showsProgress: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The version of this package. */
  readonly version: string;
}

/** This process. A reader that goes away early (`| head`) is no error; a disk that is full is one. */
export function processHost(version: string): Host {
  const err = new StandardOutput(2, (error) => {
    if (error.code !== "EPIPE") process.exitCode = EXIT.usage;
  });
  const out = new StandardOutput(1, (error) => {
    if (error.code === "EPIPE") return;
    process.exitCode = EXIT.usage;
    err.write(`dflint: ${describeFileError("standard output", error, "written")}\n`);
  });
  return {
    out: (text) => out.write(text),
    err: (text) => err.write(text),
    readInput: async () => {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of process.stdin) {
        chunks.push(chunk as Buffer); // no encoding is set
        size += (chunk as Buffer).length;
        if (size > MAX_BYTES) throw tooLarge();
      }
      return Buffer.concat(chunks);
    },
    isTerminal: out.isTerminal,
    showsProgress: err.isTerminal,
    columns: out.columns,
    environment: process.env,
    version,
  };
}

/**
 * Whether to use colours: `--no-color` wins, then `FORCE_COLOR` (0 is no), then `NO_COLOR` (https://no-color.org, any
 * value but an empty one), then whether it is a terminal that can.
 */
export function wantsColour({ isTerminal, environment }: Host, refused: boolean): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment as {
    FORCE_COLOR?: string;
    NO_COLOR?: string;
    TERM?: string;
  };
  if (refused) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return isTerminal && TERM !== "dumb";
}

/** Whether the terminal says that it knows no UTF-8; one that says nothing is taken to. */
export function wantsAscii({ isTerminal, environment }: Host): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = environment as { LC_ALL?: string; LC_CTYPE?: string; LANG?: string };
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== "");
  return isTerminal && locale !== undefined && !/utf-?8/i.test(locale);
}

/** What `npm run bench` runs. */
import type { PrivateEngine } from "test-support/engine";

export interface Scenario {
  readonly title: string;
  /** Runs only when it is asked for by its name, since it takes minutes. */
  readonly onlyByName?: boolean;
  readonly run: (stage: Stage) => Promise<Section>;
  /** Of what is compared. */
  readonly versions: () => readonly string[];
}

/** What scenarios share. */
export interface Stage {
  /** An engine with nothing else to do. */
  readonly engine: () => Promise<PrivateEngine>;
}

interface Section {
  /** Markdown. */
  readonly body: string;
  readonly verdicts: readonly Verdict[];
}

/** Whether a target was met, in words. */
export interface Verdict {
  readonly met: boolean;
  readonly text: string;
}

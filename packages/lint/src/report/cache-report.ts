/** What a change runs again, as data: the JSON of `dflint cache`. */
import type { Change } from "../cache/change.ts";
import type { ComparedStep } from "../cache/compare.ts";
import type { ForecastStep } from "../cache/forecast-step.ts";
import type { HistoryReport } from "../cache/history.ts";

/** What is told of one Dockerfile. */
export interface CacheReport {
  readonly path: string;
  /** What is built of it, where a compose or bake file says: `service web`. */
  readonly build?: string | undefined;
  readonly builder: "buildkit" | "classic";
  /** What `--touch` was given; `change` has the files. */
  readonly asked?: readonly string[];
  /** Absent where only the history was asked for. */
  readonly change?: Change;
  readonly steps?: readonly CacheStep[];
  /** What the other builder runs besides, and what it does not run: lines. */
  readonly otherBuilder?: { readonly builder: "buildkit" | "classic"; readonly lines: readonly number[] };
  readonly proof?: CacheProofReport;
  readonly history?: CacheHistory;
  /** A sentence each. */
  readonly notes: readonly string[];
}

/** One instruction. */
export interface CacheStep {
  /** Of the stage that it runs in. */
  readonly stage: number;
  readonly stageName?: string;
  readonly line: number;
  readonly endLine: number;
  readonly keyword: string;
  /** Its lines joined. */
  readonly text: string;
  /** Whether it runs in this stage since another one, that it is based on, holds it in an ONBUILD. */
  readonly trigger: boolean;
  readonly state: ForecastStep["state"];
  /** Why it runs, or may; empty for others. */
  readonly because: string;
  /** With `--prove`, where the builder told of it. */
  readonly measured?: { readonly state: "cached" | "runs"; readonly seconds: number };
  readonly agrees?: boolean;
}

/** What a builder did. */
interface CacheProofReport {
  readonly engine: string;
  readonly agrees: boolean;
  /** Of the build after the change, and of one without any. */
  readonly seconds: number;
  readonly warmSeconds: number;
  /** Lines about which forecast and builder say different things. */
  readonly disagreements: readonly number[];
}

/** What past commits ran again. */
interface CacheHistory extends Omit<HistoryReport, "stages"> {
  /** The stages that another order makes cheaper, with their instructions in that order. */
  readonly stages: readonly {
    readonly index: number;
    readonly before: number;
    readonly after: number;
    readonly order: readonly {
      /** Where it stands now. */
      readonly line: number;
      readonly text: string;
      readonly moved: boolean;
      readonly share: number;
    }[];
  }[];
}

/** The history as data. */
export function cacheHistory(report: HistoryReport): CacheHistory {
  return {
    ...report,
    stages: report.stages.map(({ stage, before, after, order }) => ({
      index: stage,
      before,
      after,
      order: order.map(({ instruction, moved, share }) => {
        const { startLine: line, logical } = instruction;
        return { line, text: logical.text.trim(), moved, share };
      }),
    })),
  };
}

/** One step as data. */
export function cacheStep(step: ForecastStep | ComparedStep): CacheStep {
  const { instruction, stage, state, because } = step;
  const measured = "measured" in step ? step.measured : undefined;
  return {
    stage: stage.index,
    ...(stage.name !== undefined && { stageName: stage.name }),
    line: instruction.startLine,
    endLine: instruction.endLine,
    keyword: instruction.keyword,
    text: instruction.logical.text.trim(),
    trigger: instruction.onbuild !== undefined,
    state,
    because,
    ...(measured !== undefined && { measured }),
    ...("agrees" in step && { agrees: step.agrees }),
  };
}

/** The JSON document. */
export function formatCacheJson(reports: readonly CacheReport[], version: string): string {
  const document = { schemaVersion: 1, tool: { name: "dflint", version }, files: reports };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** How far one part of the work is, e.g. one layer of an image: all that a progress bar needs. */
export interface ProgressEvent {
  /** Tells the kinds of events apart. */
  readonly type: "progress";
  /** Of the part, e.g. the short id of a layer. Empty where the engine tells of one part only. */
  readonly id: string;
  /** In the engine's words, e.g. `Downloading`, `Pull complete`, `Layer already exists`. */
  readonly state: string;
  /** Done so far; may end above `total`, which is an estimate when pushing. */
  readonly current: number | undefined;
  /** In all, when the engine tells it. */
  readonly total: number | undefined;
  /** What `current` and `total` count. */
  readonly unit: "bytes" | "seconds";
  /** Of a build by BuildKit: the step that this is a part of. Ids of parts are unique within it. */
  readonly step?: BuildStep | undefined;
}

/** Something about the whole, e.g. `Digest: sha256:…`. */
export interface StatusEvent {
  /** Tells the kinds of events apart. */
  readonly type: "status";
  /** What the engine says. */
  readonly message: string;
}

/** Something that the builder warns of and that is no failure. */
export interface WarningEvent {
  /** Tells the kinds of events apart. */
  readonly type: "warning";
  /** What the builder says. */
  readonly message: string;
  /** 1-based line of the Dockerfile that it is about. */
  readonly line?: number | undefined;
  /** Where the rule behind it is explained. */
  readonly url?: string | undefined;
}

/** What pull, push, load and import tell while they work. */
export type TransferEvent = ProgressEvent | StatusEvent | WarningEvent;

/** A step of a build. */
export interface BuildStep {
  /** The same in all events of a step, and no other step's. */
  readonly id: string;
  /** As the Dockerfile has it, e.g. `RUN make`, continuation lines joined. */
  readonly name: string;
  /** Counts from 1. */
  readonly number: number | undefined;
  /** How many steps its stage has. */
  readonly total: number | undefined;
  /** The stage it belongs to: its name, or `stage-0` and so on. Told by BuildKit where a Dockerfile has several. */
  readonly stage?: string | undefined;
}

/** A step began or ended. With BuildKit several run at a time. */
export interface StepEvent {
  /** Tells the kinds of events apart. */
  readonly type: "step";
  /**
   * `cached` ends a step that was not run, as its result was there; `canceled` one that was stopped because another
   * failed.
   */
  readonly state: "started" | "completed" | "cached" | "failed" | "canceled";
  /** Which step. */
  readonly step: BuildStep;
  /** Id, possibly short, of the image that the step ended in, where there is one. */
  readonly image: string | undefined;
}

/** Output of a step, in pieces as they come: not always whole lines. */
export interface LogEvent {
  /** Tells the kinds of events apart. */
  readonly type: "log";
  /** Which step wrote it, where that is known. */
  readonly step: BuildStep | undefined;
  /** Which of the step's streams wrote it. */
  readonly stream: "stdout" | "stderr";
  /** UTF-8 text as it came: parts of lines are not joined. */
  readonly text: string;
}

/** An image was built: that of a stage, and at last that of the build. */
export interface ImageEvent {
  /** Tells the kinds of events apart. */
  readonly type: "image";
  /** `sha256:…` */
  readonly id: string;
}

/** What a build tells while it works, whichever builder does it. */
export type BuildEvent = TransferEvent | StepEvent | LogEvent | ImageEvent;

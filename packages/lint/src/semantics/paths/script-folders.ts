import type { Script } from "../../shell/nodes.ts";
import type { RunInstruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";
import { absolutePath } from "./absolute-path.ts";

/** The folders that the cds of a script lead to; the working directory before the first. Asked for in order. */
export class ScriptFolders {
  readonly #run: RunInstruction;
  readonly #script: Script;
  readonly #model: Model;
  #folder: string;
  #next = 0;

  constructor(run: RunInstruction, script: Script, model: Model) {
    this.#run = run;
    this.#script = script;
    this.#model = model;
    this.#folder = absolutePath(".", run, model);
  }

  /** Where the command of that index runs. */
  at(index: number): string {
    for (; this.#next < index; this.#next += 1) {
      const command = this.#script.commands[this.#next];
      if (command?.name !== "cd" && command?.name !== "pushd") continue;
      const target = command.words[1]?.value;
      this.#folder =
        target === undefined ? "/(unknown)" : absolutePath(target, this.#run, this.#model, this.#folder);
    }
    return this.#folder;
  }
}

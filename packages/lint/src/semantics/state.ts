import type { Setting, ShellState, State, Variable } from "./model.ts";
import type { Scope } from "./scope.ts";

/** What holds at a position, looked up when it is asked for. */
export class ScopeState implements State {
  readonly #scope: Scope;
  readonly #position: number;

  constructor(scope: Scope, position: number) {
    this.#scope = scope;
    this.#position = position;
  }

  get shell(): ShellState {
    return this.#scope.shell(this.#position);
  }

  get user(): Setting | undefined {
    return this.#scope.user(this.#position);
  }

  get workdir(): Setting | undefined {
    return this.#scope.workdir(this.#position);
  }

  variable(name: string): Variable | undefined {
    return this.#scope.variable(name, this.#position);
  }

  environment(name: string): Variable | undefined {
    return this.#scope.environment(name, this.#position);
  }

  variableNames(limit: number): string[] {
    return this.#scope.names(this.#position, limit);
  }
}

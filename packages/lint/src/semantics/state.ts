import type { State } from "./model.ts";
import type { Scope } from "./scope.ts";

/** What holds at a position, looked up when it is asked for. */
export function stateAt(scope: Scope, position: number): State {
  return {
    get shell() {
      return scope.shell(position);
    },
    get user() {
      return scope.user(position);
    },
    get workdir() {
      return scope.workdir(position);
    },
    variable: (name) => scope.variable(name, position),
    variableNames: () => scope.names(position),
  };
}

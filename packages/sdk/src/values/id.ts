import { wrongKind, type Check } from "./argument.ts";
import { isList } from "./list.ts";

/** An object of the engine by id or name, or the handle of one. */
export type Ref = string | { readonly id: string };

/** The id or name to send. @throws TypeError, with the argument's name, when it is neither a name nor a handle. */
export function toId(ref: Ref, argument: string): string {
  checkRef(ref, argument);
  return typeof ref === "string" ? ref : ref.id;
}

/** Takes what {@link toId} does. */
export function ref(argument: string): Check {
  return (value, of) => checkRef(value, argument, of);
}

function checkRef(value: unknown, argument: string, of?: string): void {
  if (typeof value === "string") return;
  const isObject = typeof value === "object" && value !== null;
  if (isObject && "id" in value && typeof value.id === "string") return;
  // What `list` and `inspect` answer is easily taken for a handle.
  const hint = isObject && "Id" in value ? " (of an answer, its Id)" : "";
  throw wrongKind(argument, `an id, a name or a handle${hint}`, value, of);
}

/** Takes one of them, or a list. */
export function refs(argument: string): Check {
  return (value, of) => {
    for (const one of isList(value) ? value : [value]) checkRef(one, argument, of);
  };
}

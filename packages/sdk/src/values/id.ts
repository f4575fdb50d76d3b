/** An object of the engine by id or name, or the handle of one. */
export type Ref = string | { readonly id: string };

/** The id or name to send. */
export function toId(ref: Ref): string {
  return typeof ref === "string" ? ref : ref.id;
}

/**
 * The metadata of a call. Read from the raw headers: Node joins the values of a repeated one by `", "`, which values
 * such as the patterns of a `.dockerignore` may contain themselves.
 */
export class Metadata {
  readonly #values = new Map<string, string[]>();

  /** @param rawHeaders names and values in turn, as Node hands them over. */
  constructor(rawHeaders: readonly string[]) {
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const name = (rawHeaders[at] ?? "").toLowerCase();
      const values = this.#values.get(name) ?? [];
      values.push(rawHeaders[at + 1] ?? "");
      this.#values.set(name, values);
    }
  }

  first(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** All values of a name. Where one is not ASCII newer engines escape all of them, and say so. */
  all(name: string): readonly string[] {
    const values = this.#values.get(name) ?? [];
    if (this.#values.get(`${name}-encoded`)?.[0] === "1") return values.map((value) => unescape(value));
    // Engines before 23 send UTF-8 as it is; Node reads headers byte by byte.
    return values.map((value) => Buffer.from(value, "latin1").toString("utf8"));
  }
}

/** Percent-encoding as in queries; bytes that are no UTF-8 come out as U+FFFD. */
function unescape(value: string): string {
  const bytes = value
    .replaceAll("+", " ")
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Requests to registries: no secret to strangers, no plain text but on this machine, an end to everything. */

/** Says why a registry did not answer what was asked. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const MOST_REDIRECTS = 5;
/** Bytes. Registries themselves refuse manifests that are larger. */
const MOST_BYTES = 4 * 2 ** 20;
/** Milliseconds before each further try, where a registry does not say. */
const PAUSES = [250, 1000];

/** What to send. */
export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to the first host alone. */
  readonly authorization: string | undefined;
  /** A form to post. */
  readonly form?: URLSearchParams;
  /** When to give up, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** Asks, follows redirects, and tries again what is overloaded. Throws a {@link RegistryError}. */
export async function request(url: URL, options: RequestOptions): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    const answer = await follow(url, options);
    const pause = pauseAfter(answer, tries);
    if (pause === undefined || Date.now() + pause > options.deadline) return answer;
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
    });
  }
}

function pauseAfter({ status, headers }: Answer, tries: number): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  const usual = PAUSES[tries];
  if (usual === undefined) return undefined;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : usual;
}

async function follow(start: URL, options: RequestOptions): Promise<Answer> {
  let url = start;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    refusePlainText(url);
    const isHome = url.host === start.host && url.protocol === start.protocol;
    const answer = await send(url, options, isHome ? options.authorization : undefined);
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get("location") : null;
    if (location === null) return answer;
    try {
      url = new URL(location, url);
    } catch {
      throw new RegistryError(`${start.host} leads to ${JSON.stringify(location)}, which is no address.`);
    }
  }
  throw new RegistryError(`${start.host} leads on and on; given up after ${MOST_REDIRECTS} redirects.`);
}

function refusePlainText({ protocol, hostname, host }: URL): void {
  if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return;
  throw new RegistryError(
    `${host} would be asked in plain text (${protocol}//), which is done on this machine only.`,
  );
}

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

async function send(url: URL, options: RequestOptions, authorization: string | undefined): Promise<Answer> {
  const { headers, form, deadline } = options;
  const left = deadline - Date.now();
  if (left <= 0) throw new RegistryError(`${url.host} did not answer in time.`);
  const signal = AbortSignal.timeout(left);
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal,
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      ...(form && { method: "POST", body: form }),
    });
    return { status: response.status, headers: response.headers, body: await bodyOf(response, url) };
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    if (signal.aborted) throw new RegistryError(`${url.host} did not answer in time.`, { cause: error });
    throw new RegistryError(`${url.host} cannot be reached: ${reasonOf(error)}.`, { cause: error });
  }
}

async function bodyOf(response: Response, { host }: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The types of Node know it as iterable, those of the web do not.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new RegistryError(`${host} sends more than 4 MiB for a manifest.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  const inner = cause instanceof Error ? cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}

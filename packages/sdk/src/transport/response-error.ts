import {
  AccessDeniedError,
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  ProtocolError,
  ServerError,
  UnsupportedError,
  type DockerError,
} from "../errors.ts";
import { readAll } from "../streams/byte-source.ts";
import { compareApiVersions, newestApiVersion } from "./api-version.ts";
import type { EngineResponse } from "./engine-response.ts";

// An error is a sentence. A proxy may answer with pages.
const longestBody = 1024 * 1024;
const longestMessage = 2000;

/** The one place where a status becomes a class. Reads the body to its end. */
export async function responseError(
  response: EngineResponse,
  operation: string,
  path: string,
): Promise<DockerError> {
  const { status } = response;
  if (status < 400) {
    response.body.close();
    return new ProtocolError(
      `The engine answered ${operation} with status ${status}, which the Engine API does not know. ` +
        "Redirects are never followed.",
      { operation },
    );
  }
  const said = await engineMessage(response);
  if (status === 400) {
    const unsupported = tooOld(said, operation);
    if (unsupported !== undefined) return unsupported;
  }
  // Podman's answer for what it has not, and that of most servers which are no engine.
  const lacks = status === 404 && /^not found$/i.test(said);
  const message = lacks ? `What answers has no endpoint for ${operation} (${path}).` : said;
  const options = { status, operation };
  if (status === 404)
    return new NotFoundError(message, { ...options, what: missing(message, lacks) ?? kindOf(path) });
  if (status === 409) return new ConflictError(message, options);
  if (status === 401 || status === 403) return new AccessDeniedError(message, options);
  if (status >= 500) return new ServerError(message, options);
  return new InvalidRequestError(message, options);
}

/** An engine that speaks the version no longer that is pinned, or the newest one that this library knows. */
function tooOld(said: string, operation: string): UnsupportedError | undefined {
  const [, spoken = "", oldest] =
    /client version (\S+) is too old\. Minimum supported API version is (\d+\.\d+)/i.exec(said) ?? [];
  if (oldest === undefined) return undefined;
  const has = `API ${oldest} or newer`;
  const advice =
    compareApiVersions(oldest, newestApiVersion) > 0
      ? `it needs a newer docker-engine-sdk, as this one knows the API up to ${newestApiVersion}`
      : "leave out `apiVersion` and DOCKER_API_VERSION, and both agree on a version";
  return new UnsupportedError(`The engine speaks ${has}, not ${spoken}: ${advice}.`, {
    needs: `API ${spoken}`,
    has,
    operation,
  });
}

async function engineMessage(response: EngineResponse): Promise<string> {
  const text = await readText(response);
  // Mostly JSON; attach to a missing container answers plain text, proxies HTML.
  const message = jsonMessage(text) ?? htmlMessage(text, response.status) ?? text.trim();
  if (message === "") return `The engine answered with status ${response.status} and no message.`;
  return message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
}

async function readText(response: EngineResponse): Promise<string> {
  try {
    return new TextDecoder().decode(await readAll(response.body, longestBody));
  } catch {
    // The status alone says what happened; how its text broke off does not matter.
    return "";
  }
}

function jsonMessage(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return undefined;
    if ("message" in body && typeof body.message === "string") return body.message;
    // Podman 5 refuses a push in the form of a line of its progress.
    if ("error" in body && "errorDetail" in body && typeof body.error === "string") return body.error.trim();
  } catch {
    // Not JSON: the text itself is the message.
  }
  return undefined;
}

/** A page is for people with a browser; its title says what it is about. */
function htmlMessage(text: string, status: number): string | undefined {
  if (!/^\s*<(!doctype html|html)\b/i.test(text)) return undefined;
  const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1]?.trim();
  return `A web page was the answer, with status ${status}${title ? `: ${title}` : ""}. Is there a proxy in front of the engine?`;
}

/** What the engine says it did not find: creating a container may lack an image, connecting a network a container. */
function missing(message: string, lacksEndpoint: boolean): string | undefined {
  if (lacksEndpoint || message === "page not found") return "endpoint";
  if (/^path \S+ is not supported$/i.test(message)) return "endpoint";
  if (/could not find the file/i.test(message)) return "file";
  const [, kind] = /\bno such (\w+)/i.exec(message) ?? /^(\w+) .*\bnot found$/i.exec(message) ?? [];
  return kind !== undefined && kinds.has(kind.toLowerCase()) ? kind.toLowerCase() : undefined;
}

const kinds: ReadonlySet<string> = new Set([
  "config",
  "container",
  "exec",
  "image",
  "network",
  "node",
  "plugin",
  "secret",
  "service",
  "task",
  "volume",
]);

/** `/containers/x/json` → `container`. */
function kindOf(path: string): string {
  const [, group = ""] = path.split("/");
  const names: Readonly<Record<string, string>> = {
    exec: "exec",
    swarm: "swarm",
    distribution: "image",
    commit: "container",
  };
  return names[group] ?? (group.replace(/s$/, "") || "endpoint");
}

import { asAccessDenied } from "../../auth/access-denied.ts";
import type {
  AuthConfig,
  AuthResponse,
  EventMessage,
  SystemDataUsageResponse,
  SystemInfo,
  SystemVersion,
} from "../../generated/models.ts";
import type { JsonLines } from "../../streams/json-lines.ts";
import type { Caller } from "../../transport/call.ts";
import { record, textOrTexts } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { events, eventsOptions, type EventsOptions, type ReconnectingEventsOptions } from "./events.ts";
import { followEvents, type EventGap } from "./follow-events.ts";
import { ping, type PingResult } from "./ping.ts";

/** What takes disk space. */
export type DataUsageType = "container" | "image" | "volume" | "build-cache";

/** What of the disk usage is worked out. */
export interface DataUsageOptions extends CallOptions {
  /** Only these, which is faster. Default: all. Needs API 1.42. */
  readonly type?: DataUsageType | readonly DataUsageType[] | undefined;
}

const dataUsageOptions = optionsOf<DataUsageOptions>('{ type: "image" }', {
  type: textOrTexts("type", '"image"'),
});

/** The engine itself. */
export class System {
  static {
    checkArguments(System, "system", {
      promises: {
        info: [callOptions],
        version: [callOptions],
        ping: [callOptions],
        df: [dataUsageOptions],
        auth: [record("credentials", "{ username, password, serveraddress }"), callOptions],
      },
      direct: { events: [eventsOptions] },
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The engine's settings, drivers, counts and warnings. */
  info({ signal }: CallOptions = {}): Promise<SystemInfo> {
    return this.#caller.call("SystemInfo", { signal });
  }

  /** The versions of the engine and its components. */
  version({ signal }: CallOptions = {}): Promise<SystemVersion> {
    return this.#caller.call("SystemVersion", { signal });
  }

  /** Asks whether the engine is there, and a few facts that it tells without being asked more. */
  ping({ signal }: CallOptions = {}): Promise<PingResult> {
    return ping(this.#caller, signal);
  }

  /** What images, containers, volumes and the build cache take on disk. */
  df({ type, signal }: DataUsageOptions = {}): Promise<SystemDataUsageResponse> {
    return this.#caller.call("SystemDataUsage", { query: { type }, signal });
  }

  /**
   * Checks credentials against a registry.
   * @throws AccessDeniedError when the registry refuses them, ServerError when it cannot be reached
   */
  async auth(credentials: AuthConfig, { signal }: CallOptions = {}): Promise<AuthResponse> {
    try {
      return await this.#caller.call("SystemAuth", { body: credentials, signal });
    } catch (error) {
      throw asAccessDenied(error);
    }
  }

  /**
   * What happens on the engine, as it happens. The engine is asked at the first read.
   *
   * ```ts
   * for await (const event of docker.system.events({ filters: { type: "container" } })) console.log(event.Action);
   * ```
   *
   * @throws EngineGoneError when the engine ends, unless that was to come after `until`
   */
  events(options?: EventsOptions): JsonLines<EventMessage>;
  /**
   * What happens on the engine, across its restarts: the stream resumes where it was cut, without doubles, and yields
   * an {@link EventGap} first.
   *
   * ```ts
   * for await (const event of docker.system.events({ reconnect: true })) {
   *   if (event.Type === "gap") console.log("the engine was away");
   * }
   * ```
   *
   * @throws ConnectionError when the engine cannot be reached at the beginning
   */
  events(options: ReconnectingEventsOptions): AsyncIterable<EventMessage | EventGap>;
  events(options: EventsOptions | ReconnectingEventsOptions = {}): AsyncIterable<EventMessage | EventGap> {
    return options.reconnect === true ? followEvents(this.#caller, options) : events(this.#caller, options);
  }
}

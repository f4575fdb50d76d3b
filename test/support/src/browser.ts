/** A real browser without a window, spoken to over a pipe (https://chromedevtools.github.io/devtools-protocol/). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { systemEnvironment } from "./engine/command-line.ts";
import { ensurePackages } from "./engine/debian.ts";
import { tempDir } from "./temp-dir.ts";

export interface Browser extends AsyncDisposable {
  /** Opens a page and waits until it is loaded. */
  open(url: string, view?: View): Promise<Page>;
}

/** How a page is looked at; by default a window of 1280 × 900 in light colours. */
export interface View {
  readonly width?: number;
  readonly height?: number;
  /** Such as `{ "prefers-color-scheme": "dark" }`. */
  readonly features?: Readonly<Record<string, string>>;
  readonly media?: "screen" | "print";
}

export interface Page {
  /** The addresses that were asked for, the page's own first. */
  readonly requests: readonly string[];
  /** What the page complained of: errors of scripts, things its policy refused. */
  readonly complaints: readonly string[];
  /** The value of an expression in the page, as JSON takes it. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression is true. */
  until(expression: string): Promise<void>;
  /** Moves the mouse to the middle of what a selector finds, and clicks there if told to. */
  point(selector: string, click?: boolean): Promise<void>;
  /** Presses a key, such as `Tab` or `Enter`. */
  press(key: "Tab" | "Enter"): Promise<void>;
  /** A PNG of the window, or of the whole page. */
  screenshot(whole?: boolean): Promise<Buffer>;
  /** A PDF, as it is printed. */
  print(): Promise<Buffer>;
}

const SWITCHES = [
  "--headless",
  "--remote-debugging-pipe",
  "--no-sandbox", // root has none
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
  "--hide-scrollbars",
];

/** Starts Debian's Chromium, which is installed if need be. */
export async function startBrowser(): Promise<Browser> {
  await ensurePackages(["chromium"]);
  const profile = await tempDir();
  const child = spawn("chromium", [...SWITCHES, `--user-data-dir=${profile.path}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    env: systemEnvironment({ HOME: profile.path }),
  });
  const exited = once(child, "exit");
  const connection = new Connection(child.stdio[3] as Writable, child.stdio[4] as Readable); // they are pipes, as asked for
  exited.then(
    () => connection.fail(new Error("The browser has ended.")),
    (error: unknown) => connection.fail(error),
  );
  return {
    open: (url, view = {}) => openPage(connection, url, view),
    async [Symbol.asyncDispose]() {
      await connection.call("Browser.close", {}).catch(() => child.kill("SIGKILL"));
      await exited.catch(() => undefined);
      await profile[Symbol.asyncDispose]();
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

interface Waiter {
  readonly resolve: (result: Fields) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages of JSON, each ended by a zero byte. */
class Connection {
  readonly #to: Writable;
  readonly #waiting = new Map<number, Waiter>();
  readonly #listeners = new Set<(message: Message) => void>();
  #last = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(to: Writable, from: Readable) {
    this.#to = to;
    to.on("error", (error) => this.fail(error));
    let pending = "";
    from.setEncoding("utf8").on("data", (text: string) => {
      const parts = (pending + text).split("\0");
      pending = parts.pop() ?? "";
      for (const part of parts) this.#take(JSON.parse(part) as Message); // by the protocol
    });
  }

  call(method: string, params: Fields, sessionId?: string): Promise<Fields> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  listen(listener: (message: Message) => void): void {
    this.#listeners.add(listener);
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #take(message: Message): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiter = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiter?.resolve(message.result ?? {});
    else waiter?.reject(new Error(message.error.message));
  }
}

async function openPage(connection: Connection, url: string, view: View): Promise<Page> {
  const { targetId } = await connection.call("Target.createTarget", { url: "about:blank" });
  const attached = await connection.call("Target.attachToTarget", { targetId, flatten: true });
  const sessionId = String(attached["sessionId"]);
  const call = (method: string, params: Fields = {}): Promise<Fields> =>
    connection.call(method, params, sessionId);
  const requests: string[] = [];
  const complaints: string[] = [];
  const loads = new Loads();
  connection.listen((message) => {
    if (message.sessionId !== sessionId) return;
    loads.note(message);
    note(message, requests, complaints);
  });
  for (const domain of ["Page", "Network", "Runtime", "Log"]) await call(`${domain}.enable`);
  await call("Page.setLifecycleEventsEnabled", { enabled: true });
  const { width = 1280, height = 900, features = {}, media = "screen" } = view;
  await call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  const list = Object.entries(features).map(([name, value]) => ({ name, value }));
  await call("Emulation.setEmulatedMedia", { media, features: list });
  const { loaderId, errorText } = await call("Page.navigate", { url });
  if (errorText !== undefined) throw new Error(`${url}: ${JSON.stringify(errorText)}`);
  await loads.until(loaderId);
  return page(call, requests, complaints);
}

/** Which documents are loaded: the load of `about:blank` may be told late, and is none of the page's. */
class Loads {
  readonly #done = new Set<unknown>();
  #wake: () => void = () => undefined;

  note({ method, params = {} }: Message): void {
    if (method !== "Page.lifecycleEvent" || params["name"] !== "load") return;
    this.#done.add(params["loaderId"]);
    this.#wake();
  }

  async until(loader: unknown): Promise<void> {
    while (!this.#done.has(loader)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function note({ method, params = {} }: Message, requests: string[], complaints: string[]): void {
  if (method === "Network.requestWillBeSent") {
    const { url } = params["request"] as { url: string }; // by the protocol
    requests.push(url);
  }
  if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") {
    complaints.push(JSON.stringify(params));
  }
}

function page(
  call: (method: string, params?: Fields) => Promise<Fields>,
  requests: readonly string[],
  complaints: readonly string[],
): Page {
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await call("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value?: unknown }).value; // by the protocol
  };
  return {
    requests,
    complaints,
    evaluate,
    async until(expression) {
      const step = "new Promise((done) => setTimeout(done, 20))";
      while ((await evaluate(expression)) !== true) await evaluate(step);
    },
    async point(selector, click = false) {
      const found = JSON.stringify(selector);
      const place = await evaluate(`(() => {
        const element = document.querySelector(${found});
        element.scrollIntoView({ block: "center", behavior: "instant" });
        const { left, top, width, height } = element.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      })()`);
      const [x, y] = place as [number, number]; // as the line above gives it
      const at = { x, y, button: "left", clickCount: 1 };
      await call("Page.bringToFront"); // another page may cover it, and it would be told late
      await call("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
      if (!click) return;
      await call("Input.dispatchMouseEvent", { type: "mousePressed", ...at });
      await call("Input.dispatchMouseEvent", { type: "mouseReleased", ...at });
    },
    async press(key) {
      const code = key === "Tab" ? 9 : 13;
      const event = { key, code: key, windowsVirtualKeyCode: code, ...(key === "Enter" && { text: "\r" }) };
      await call("Input.dispatchKeyEvent", { type: "keyDown", ...event });
      await call("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    },
    async screenshot(whole = false) {
      const { data } = await call("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole });
      return Buffer.from(String(data), "base64");
    },
    async print() {
      const { data } = await call("Page.printToPDF", { printBackground: true, preferCSSPageSize: true });
      return Buffer.from(String(data), "base64");
    },
  };
}

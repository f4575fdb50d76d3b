/** A real browser without a window. */
import { chromium, type Page } from "playwright-core";
import { systemEnvironment } from "./engine/command-line.ts";
import { ensurePackages } from "./engine/debian.ts";
import { tempDir } from "./temp-dir.ts";

export interface Browser extends AsyncDisposable {
  /** Opens a page and waits until it is loaded. */
  open(url: string, view?: View): Promise<OpenPage>;
}

/** How a page is looked at; by default a window of 1280 × 900 in light colours. */
export interface View {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
  readonly media?: "screen" | "print";
}

export interface OpenPage {
  readonly page: Page;
  /** The addresses that were asked for, the page's own first. */
  readonly requests: readonly string[];
  /** What the page complained of: errors of scripts, things its policy refused. */
  readonly complaints: readonly string[];
  /** Waits until an expression is true. */
  readonly until: (expression: string) => Promise<void>;
}

/** Starts Debian's Chromium, which is installed if need be. */
export async function startBrowser(): Promise<Browser> {
  await ensurePackages(["chromium"]);
  const home = await tempDir();
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    env: systemEnvironment({ HOME: home.path }),
    timeout: 0,
  });
  const context = await browser.newContext();
  context.setDefaultTimeout(0); // the test has its own
  return {
    async open(url, { width = 1280, ...media } = {}) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia(media);
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(url);
      return { page, requests, complaints, until: (expression) => until(page, expression) };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Not by `waitForFunction`: it needs `eval`, which a page's policy may refuse. */
async function until(page: Page, expression: string): Promise<void> {
  while ((await page.evaluate(expression)) !== true) await page.waitForTimeout(20);
}

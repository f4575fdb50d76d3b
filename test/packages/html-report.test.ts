/** The page of `dflint measure --html` in a real browser. */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { startBrowser, type Browser, type OpenPage, type View } from "test-support/browser";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Measurement } from "../../packages/lint/src/engine/measurement.ts";
import { htmlReport } from "../../packages/lint/src/report/html/html-report.ts";

/** Of a build on a real engine. */
const sample = JSON.parse(
  readFileSync(new URL("../fixtures/measurement.json", import.meta.url), "utf8"),
) as Measurement; // as `dflint measure` wrote it

let folder: TempDir;
let browser: Browser;

beforeAll(async () => {
  folder = await tempDir();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

let pages = 0;
async function show(measurement: Measurement, view?: View): Promise<OpenPage> {
  const path = folder.join(`page-${(pages += 1)}.html`);
  writeFileSync(path, htmlReport(measurement));
  return browser.open(pathToFileURL(path).href, view);
}

const DARK: View = { colorScheme: "dark" };
const linked = "[...document.querySelectorAll('[data-linked]')].map((one) => one.id).filter(Boolean)";
/** A COPY that a later chmod copies up whole. */
const [copy, copyLayer] = [17, 6];

describe("pointing", () => {
  it("at a layer shows its line and its step, and the line drawn between them", async () => {
    const { page, until } = await show(sample);
    await page.hover(`#layer-${copyLayer} summary`);
    await until(`${linked}.length > 0`);
    expect(await page.evaluate(linked)).toEqual([`layer-${copyLayer}`, `i${copy}`, `step-${copy}`]);
    expect(await page.evaluate("document.querySelector('.thread path').getAttribute('d')")).toMatch(/^M/);
    await page.hover("h1");
    await until(`${linked}.length === 0`);
    expect(await page.evaluate("document.querySelector('.thread path').hasAttribute('d')")).toBe(false);
  });

  it("at a line shows its layer", async () => {
    const { page, until } = await show(sample);
    await page.hover(`#i${copy} code`);
    await until(`${linked}.includes("layer-${copyLayer}")`);
    expect(await page.evaluate(linked)).toContain(`i${copy}`);
  });
});

describe("the keyboard", () => {
  it("reaches the layers, shows their lines, and unfolds them", async () => {
    const { page, until } = await show(sample);
    const focused = "document.activeElement.closest('[id]')?.id";
    for (let at = 0; at < 40; at += 1) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(focused)) === `layer-${copyLayer}`) break;
    }
    expect(await page.evaluate(linked)).toContain(`i${copy}`);
    await page.keyboard.press("Enter");
    await until(`document.querySelector('#layer-${copyLayer} details').open`);
    await page.keyboard.press("Tab"); // to the link in it
    await page.keyboard.press("Enter");
    await until(`location.hash === '#i${copy}'`);
  });

  it("follows a line's size to its layer", async () => {
    const { page, until } = await show(sample);
    await page.evaluate(`document.querySelector('#i${copy} .bytes').focus()`);
    await page.keyboard.press("Enter");
    await until(`document.activeElement.matches('#layer-${copyLayer} summary')`);
    expect(await page.evaluate(`document.querySelector('#layer-${copyLayer} details').open`)).toBe(true);
  });
});

describe("the theme", () => {
  const paper = "getComputedStyle(document.body).backgroundColor";

  it("is the system's until it is chosen", async () => {
    const light = await show(sample);
    const dark = await show(sample, DARK);
    const [bright, dim] = [await light.page.evaluate(paper), await dark.page.evaluate(paper)];
    expect(bright).not.toBe(dim);
    await light.page.click("#theme");
    await light.until(`${paper} === ${JSON.stringify(dim)}`);
    expect(await light.page.evaluate("document.getElementById('theme').textContent")).toBe("Light theme");
    await dark.page.click("#theme");
    await dark.until(`${paper} === ${JSON.stringify(bright)}`);
  });

  /** Each text's contrast with what is behind it (WCAG 2.2, 1.4.3); patterns and tints are checked by their colours. */
  const contrasts = `(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgb = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((one) => {
        const part = one / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const fills = [...(at.matches(".slab") ? at.querySelectorAll(".bar rect, .hatch-line") : [])];
        if (fills.length > 0) {
          const tints = fills.map((fill) => getComputedStyle(fill).fill).filter((fill) => !fill.includes("url"));
          const stripes = [".hatch-ground", ".hatch-line"].map((one) => getComputedStyle(document.querySelector(one)).fill);
          return [...tints, ...stripes].map(rgb);
        }
        const colour = rgb(getComputedStyle(at).backgroundColor);
        if (colour[3] === 255) return [colour];
      }
      return [[255, 255, 255, 255]];
    };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === "" || element.closest("script, title, [hidden]")) continue;
      const style = getComputedStyle(element);
      const isDrawn = element.closest("svg") !== null;
      const grounds = element.closest(".map")
        ? [...element.parentElement.querySelectorAll(":scope > rect")].map((one) => rgb(getComputedStyle(one).fill))
        : behind(element);
      const ink = luminance(rgb(isDrawn ? style.fill : style.color));
      for (const ground of grounds) {
        const [a, b] = [ink, luminance(ground)].sort((one, other) => other - one);
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) poor.push([node.data.trim().slice(0, 40), element.className.baseVal ?? element.className, contrast.toFixed(2)].join(" | "));
      }
    }
    return [...new Set(poor)];
  })()`;

  it.each([
    ["light", {}],
    ["dark", DARK],
  ])("%s: every text stands out from what is behind it", async (_name, view: View) => {
    const { page } = await show(sample, view);
    expect(await page.evaluate(contrasts)).toEqual([]);
  });
});

describe("the window", () => {
  it.each([360, 640, 820, 1280])(
    "of %i pixels is as wide as the page, and no text leaves its place",
    async (width) => {
      const { page } = await show(sample, { width });
      await page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const outside = await page.evaluate(
        `[...document.querySelectorAll("p, h1, h2, h3, code, td, dd, span, a")].filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width > 0 && !one.closest(".stack, .label") && (left < -1 || right > innerWidth + 1);
      }).map((one) => one.outerHTML.slice(0, 100))`,
      );
      expect(outside).toEqual([]);
    },
  );

  it("gets another drawing of the paths where it is narrow", async () => {
    const shown =
      "[...document.querySelectorAll('.map')].filter((one) => one.clientWidth > 0).map((one) => one.classList[1])";
    expect(await (await show(sample, { width: 360 })).page.evaluate(shown)).toEqual(["narrow"]);
    expect(await (await show(sample)).page.evaluate(shown)).toEqual(["wide"]);
  });

  it("moves nothing by itself for those who want that", async () => {
    const { page } = await show(sample, { reducedMotion: "reduce" });
    const moving = `[document.documentElement, ...document.querySelectorAll("*")].filter((one) => {
      const { scrollBehavior, transitionDuration, animationName } = getComputedStyle(one);
      return scrollBehavior === "smooth" || transitionDuration !== "0s" || animationName !== "none";
    }).length`;
    expect(await page.evaluate(moving)).toBe(0);
    expect(await (await show(sample)).page.evaluate(moving)).not.toBe(0);
  });
});

describe("the page", () => {
  it("asks for nothing but itself, and its policy lets all of it act", async () => {
    const { until, requests, complaints } = await show(sample);
    await until("!document.getElementById('theme').hidden");
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it("refuses what has got into it", async () => {
    const { page, complaints } = await show(sample);
    await page.evaluate(`new Promise((done) => {
      const image = document.createElement("img");
      image.onerror = done;
      image.src = "https://example.invalid/x.png";
      document.body.append(image);
    })`);
    await page.evaluate(
      "document.body.insertAdjacentHTML('beforeend', '<p id=x onclick=\"window.hit = 1\">x</p>')",
    );
    await page.evaluate("document.getElementById('x').click()");
    expect(await page.evaluate("window.hit")).toBe(undefined);
    expect(complaints).toMatchObject([expect.stringContaining("image"), expect.stringContaining("inline")]);
  });

  it("shows hostile names as they are, and lets them do nothing", async () => {
    const name = `</script><script>window.hit = 1</script><img src=x onerror="window.hit = 1">'"\u202e\u0007`;
    const hostile = JSON.parse(
      JSON.stringify(sample, (key, value: unknown) =>
        typeof value === "string" && /^(?:path|text|message|title|name|createdBy|diff|digest)$/.test(key)
          ? `${value}${name}`
          : value,
      ),
    ) as Measurement; // only its texts are changed
    const { page, until, complaints } = await show(hostile);
    await until("!document.getElementById('theme').hidden");
    expect(await page.evaluate("window.hit")).toBe(undefined);
    expect(await page.evaluate("document.querySelectorAll('img, script').length")).toBe(1);
    const shown = "</script><script>window.hit = 1</script>";
    expect(
      await page.evaluate(`document.querySelector("h1").textContent.includes(${JSON.stringify(shown)})`),
    ).toBe(true);
    expect(await page.evaluate("document.body.textContent.includes('\\\\u{202e}\\\\u{7}')")).toBe(true);
    expect(complaints).toEqual([]);
    expect(
      await (await show(hostile, { width: 360 })).page.evaluate("document.documentElement.scrollWidth"),
    ).toBe(360);
  });

  it("prints in light colours, without its button", async () => {
    const { page } = await show(sample, { media: "print", ...DARK });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(await page.evaluate("document.getElementById('theme').clientWidth")).toBe(0);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("works without scripts: links lead to layers and lines", async () => {
    const { page } = await show(sample);
    const broken = `[...document.querySelectorAll("a[href^='#']")].filter((one) => document.querySelector(one.hash) === null).length`;
    expect(await page.evaluate(broken)).toBe(0);
    expect(await page.evaluate("document.querySelectorAll('.stack a, .source a').length")).toBeGreaterThan(
      10,
    );
  });
});

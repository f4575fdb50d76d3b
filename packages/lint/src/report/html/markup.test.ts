import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brief, briefPath, cut, html } from "./markup.ts";

/** By a name of which the formatter of these tests does not know that HTML follows. */
const markup = html;

describe("html", () => {
  it("escapes what would be markup, in texts and in attributes", () => {
    expect(markup`<a title="${`"'&<>`}">${"</script><b>"}</a>`.html).toBe(
      '<a title="&quot;&#39;&amp;&lt;&gt;">&lt;/script&gt;&lt;b&gt;</a>',
    );
  });

  it("puts HTML into HTML, joins lists, leaves out what is not there", () => {
    const items = ["a&", "b"].map((item) => markup`<li>${item}</li>`);
    expect(markup`<ul class="${false}">${items}${undefined}${3}</ul>`.html).toBe(
      '<ul class=""><li>a&amp;</li><li>b</li>3</ul>',
    );
  });

  it("shows characters that are not seen or turn the direction", () => {
    expect(markup`${"a\u202eb\u200fc\u0000d\u001b[31me\ufefff\u2066"}`.html).toBe(
      "a\\u{202e}b\\u{200f}c\\u{0}d\\u{1b}[31me\\u{feff}f\\u{2066}",
    );
    expect(markup`${"x\ud800y"}`.html).toBe("x\ufffdy");
    expect(markup`${"עברית 👍 漢字"}`.html).toBe("עברית 👍 漢字");
  });

  const unit = fc.constantFrom(
    ..."<>&\"'/=!-; a\n\r\t\0\u001b\u2028\u202e\u200f".split(""),
    "\ud800",
    "\udc00",
    "é",
  );
  it("lets no text end a tag or a quote, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const [, inside = ""] = /^<p>([^]*)<\/p>$/.exec(markup`<p>${text}</p>`.html) ?? [];
        expect(inside).not.toMatch(/[<>"'\n\r\p{Surrogate}]/u);
        expect(inside.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
      }),
    );
  });

  it("takes the indentation of templates out, and leaves that of texts", () => {
    const template = markup`<p>
      ${"a  b"}
    </p>`;
    expect(template.html).toBe("<p>\na  b\n</p>");
  });
});

describe("shortened texts", () => {
  it("count what is cut", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("x".repeat(2010), 10)).toBe("xxxxxxxxxx… and 2,000 more characters");
  });

  it("are on one line", () => {
    expect(brief("RUN a\n  &&\tb", 20)).toBe("RUN a && b");
    expect(brief("RUN abcdef", 8)).toBe("RUN abc…");
  });

  it("keep both ends of a path", () => {
    expect(briefPath("/usr/lib/x", 10)).toBe("/usr/lib/x");
    const short = briefPath(`/usr/lib/${"x".repeat(100)}/main.js`, 30);
    expect(short).toHaveLength(30);
    expect(short).toMatch(/^\/usr.*….*\/main\.js$/);
  });
});

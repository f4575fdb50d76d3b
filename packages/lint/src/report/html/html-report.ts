/** A measurement as one page of HTML that needs nothing beside it and asks nobody for anything. */
import type { Measurement } from "../../engine/measurement.ts";
import { contextView } from "./context-view.ts";
import { fixesView } from "./fixes-view.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, PAGE_STYLE, PAGE_STYLE_HASH } from "./generated/page-assets.ts";
import { briefPath, cut, html, Markup, visible, type Content } from "./markup.ts";
import { overview } from "./overview.ts";
import { pathsView } from "./paths-view.ts";
import { sourceView } from "./source-view.ts";
import { stackView } from "./stack-view.ts";
import { timelineView } from "./timeline-view.ts";
import { wasteView } from "./waste-view.ts";

/** Only these two texts may act on the page, whatever else may have got into it. */
const POLICY = [
  "default-src 'none'",
  `style-src '${PAGE_STYLE_HASH}'`,
  `script-src '${PAGE_SCRIPT_HASH}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

// With nothing around the texts: their hashes count every character.
const STYLE = new Markup(`<style>${PAGE_STYLE}</style>`);
const SCRIPT = new Markup(`<script>${PAGE_SCRIPT}</script>`);

/**
 * The page: layers beside the Dockerfile, fixes before and after, hidden bytes, the build's timeline, a map of paths,
 * the context. It stays small for large images: what is left out is counted.
 * @returns the whole document
 */
export function htmlReport(measurement: Measurement): string {
  const { path, fixes, context, notes } = measurement;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${briefPath(visible(path), 100)}, measured by dflint</title>
        <link rel="icon" href="data:," />
        ${STYLE}
      </head>
      <body>
        <svg class="patterns" width="0" height="0" aria-hidden="true">
          <pattern
            id="hatch"
            width="8"
            height="8"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="8" height="8" class="hatch-ground" />
            <rect width="3" height="8" class="hatch-line" />
          </pattern>
        </svg>
        ${overview(measurement)}
        <main>
          ${section(
            "layers",
            "Layers and lines",
            html`<div class="pair">
              ${stackView(measurement)}
              <div>${sourceView(measurement)}</div>
              <svg class="thread" aria-hidden="true"><path /></svg>
            </div>`,
          )}
          ${fixes.length > 0 && section("fixes", "Proposed fixes", fixesView(measurement))}
          ${section("waste", "Bytes nobody sees", wasteView(measurement))}
          ${section("build", "The build", timelineView(measurement))}
          ${section("paths", "Where the bytes are", pathsView(measurement))}
          ${context !== undefined && section("context", "Build context", contextView(context))}
          ${
            notes.length > 0 &&
            section(
              "notes",
              "Not measured",
              html`<ul>
                ${notes.slice(0, 50).map((note) => html`<li>${cut(note, 1000)}</li>`)}
              </ul>`,
            )
          }
        </main>
        <footer>
          <p>
            Measured by <b>dflint</b> on a real engine. Sizes are of uncompressed layers, in decimal units.
            Image <code>${cut(measurement.image.id, 100)}</code>
          </p>
        </footer>
        ${SCRIPT}
      </body>
    </html> `;
  return page.html;
}

function section(id: string, title: string, content: Content): Markup {
  return html`<section class="part" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}

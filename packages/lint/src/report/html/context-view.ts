/** What the build was given, what it took of that, and what an ignore file would keep out. */
import type { MeasuredContext } from "../../engine/measurement.ts";
import { bar } from "./bar.ts";
import { briefPath, cut, html, type Markup } from "./markup.ts";
import { showBytes, showCount, showShare } from "../../linter/quantity.ts";

/** The context in numbers, and the lines to add. */
export function contextView(context: MeasuredContext): Markup {
  const { files, bytes, usedFiles, usedBytes, sentBytes, unused, ignoreLines, ignoreFile } = context;
  const largest = unused[0]?.bytes ?? 0;
  return html`<p class="lead">
      ${showCount(files, "file")}, ${showBytes(bytes)} are let in; the stages that were built take
      ${showCount(usedFiles, "file")}, ${showBytes(usedBytes)}
      (${showShare(usedBytes, bytes)}).${sentBytes !== undefined && ` This build sent ${showBytes(sentBytes)}.`}
    </p>
    <div class="proportion">
      ${bar(
        [
          { name: "kept", amount: usedBytes },
          { name: "waste", amount: bytes - usedBytes },
        ],
        bytes,
      )}
    </div>
    ${
      unused.length > 0 &&
      html`<table class="amounts">
        <caption>
          Let in and never taken
        </caption>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Size</th>
            <th scope="col">Files</th>
          </tr>
        </thead>
        <tbody>
          ${unused.slice(0, 20).map(
            ({ path, folder, files, bytes }) =>
              html`<tr>
                <td><code>${briefPath(path, 160)}${folder && !path.endsWith("/") && "/"}</code></td>
                <td>${showBytes(bytes)}${bar([{ name: "waste", amount: bytes }], largest)}</td>
                <td>${folder ? showCount(files, "file") : "a file"}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
    ${
      ignoreLines.length > 0 &&
      html`<h3>Lines for <code>${briefPath(ignoreFile, 120)}</code></h3>
        <pre class="copy" tabindex="0">
${ignoreLines.slice(0, 100).map((line) => html`<span>${cut(line, 500)}</span>`)}</pre>`
    }`;
}

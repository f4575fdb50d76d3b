/** HTML in which everything put in is text: whatever a Dockerfile or an image holds, it stays what a reader sees. */
import { printable } from "../printable.ts";

/** HTML that may be put into HTML as it is. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** What can stand between tags, or in the quotes of an attribute. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Beyond control characters: what is not seen, or turns the direction of what follows. */
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Makes HTML of a template; texts in it are escaped, lists are joined, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const [first = "", ...others] = strings.map(withoutIndentation);
  let out = first;
  for (const [at, value] of values.entries()) out += render(value) + (others[at] ?? "");
  return new Markup(out);
}

/** A template is indented as code is; its page need not be. */
function withoutIndentation(part: string): string {
  return part.replace(/\s*\n\s*/g, "\n");
}

function render(content: Content): string {
  if (content instanceof Markup) return content.html;
  if (typeof content === "string") return escapeText(content);
  if (typeof content === "number") return String(content);
  return content === undefined || content === false ? "" : content.map(render).join("");
}

/** A text as the inside of an element or of an attribute in double quotes. */
function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A text in which all can be seen: what cannot is written as `\u{…}`. */
export function visible(text: string): string {
  return printable(text)
    .replace(UNSEEN, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replace(LONE_SURROGATE, "\ufffd");
}

/** A text of at most that many characters; what is cut is counted. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}… and ${(text.length - limit).toLocaleString("en")} more characters`;
}

/** A text on one line of at most that many characters, with its end left out. */
export function brief(text: string, limit: number): string {
  const line = text
    .slice(0, limit * 4)
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}

/** A path of at most that many characters, with its middle left out: its end tells the most. */
export function briefPath(path: string, limit: number): string {
  if (path.length <= limit) return path;
  const tail = Math.ceil((limit - 1) * 0.7);
  return `${path.slice(0, limit - 1 - tail)}…${path.slice(path.length - tail)}`;
}

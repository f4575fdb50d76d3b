/** Colours of a terminal, or none. */

/** Puts a text into a colour. */
export type Paint = (text: string) => string;

/** The paints that reports use. */
export interface Colours {
  readonly red: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
  readonly green: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

const paint =
  (open: number, close: number): Paint =>
  (text) =>
    `\u001b[${open}m${text}\u001b[${close}m`;

const COLOURED: Colours = {
  red: paint(31, 39),
  yellow: paint(33, 39),
  blue: paint(34, 39),
  cyan: paint(36, 39),
  green: paint(32, 39),
  dim: paint(2, 22),
  bold: paint(1, 22),
};

const plain: Paint = (text) => text;
const PLAIN: Colours = {
  red: plain,
  yellow: plain,
  blue: plain,
  cyan: plain,
  green: plain,
  dim: plain,
  bold: plain,
};

/** The paints for a terminal that shows colours, or for one that does not. */
export function colours(enabled: boolean): Colours {
  return enabled ? COLOURED : PLAIN;
}

/** Whether the value of a label is of the type that a project's schema wants. */
import { isSpdxExpression, isSpdxLicense } from "./spdx-licenses.ts";

/** Tests by the names of the types; `text` takes anything. */
const TESTS: Readonly<Record<string, (value: string) => boolean>> = {
  text: () => true,
  url: isUrl,
  semver: (value) =>
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/.test(
      value,
    ),
  hash: (value) => /^(?:[0-9a-f]{7}|[0-9a-f]{40})$/.test(value),
  rfc3339: isTime,
  spdx: isSpdxLicense,
  email: isAddress,
};

/** Whether a value fits a type of the schema; `expressions` lets a licence be an expression of several. */
export function fitsLabelType(value: string, type: string, expressions: boolean): boolean {
  if (type === "spdx" && expressions) return isSpdxExpression(value);
  return TESTS[type]?.(value) ?? true;
}

/** RFC 3986: a scheme, then characters that need no escape. */
function isUrl(value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.~!$&'()*+,;=:@/?#[\]-]|%[0-9A-Fa-f]{2})*$/.test(value);
}

/** RFC 3339, with days and hours that exist. */
function isTime(value: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(
    value,
  );
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] =
    match.slice(1).map((part) => Number(part ?? 0));
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  return isDay && hour < 24 && minute < 60 && second <= 60 && offsetHour < 24 && offsetMinute < 60;
}

/** The addresses of RFC 5322 as people have them: dotted or quoted name, domain or literal address. */
function isAddress(value: string): boolean {
  const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  const local = `(?:${atom}(?:\\.${atom})*|"(?:[^"\\\\\\r\\n]|\\\\.)*")`;
  const domain = `(?:${atom}(?:\\.${atom})*|\\[[^\\[\\]\\\\\\s]*\\])`;
  return new RegExp(`^${local}@${domain}$`).test(value);
}

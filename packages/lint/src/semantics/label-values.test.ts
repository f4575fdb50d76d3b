import { describe, expect, it } from "vitest";
import { fitsLabelType } from "./label-values.ts";

describe("values of labels", () => {
  it.each([
    ["url", "https://example.org/a?b=c#d", true],
    ["url", "mailto:a@example.org", true],
    ["url", "not-url", false],
    ["url", "http://a b", false],
    ["url", "https://example.org/%zz", false],
    ["rfc3339", "2026-11-22T10:00:00Z", true],
    ["rfc3339", "2026-11-22T10:00:00.25+05:30", true],
    ["rfc3339", "2024-02-29T23:59:60Z", true],
    ["rfc3339", "2023-02-29T00:00:00Z", false],
    ["rfc3339", "2026-11-22", false],
    ["rfc3339", "2026-11-22T24:00:00Z", false],
    ["semver", "2.0.1-rc1", true],
    ["semver", "1.0.0+build.5", true],
    ["semver", "1.0", false],
    ["semver", "01.0.0", false],
    ["semver", "v1.0.0", false],
    ["hash", "2dbfae9", true],
    ["hash", "43c572f1272b6b3171dd1db9e41b7027128ce080", true],
    ["hash", "2DBFAE9", false],
    ["hash", "2dbfae90", false],
    ["email", "ada@example.org", true],
    ["email", '"Ada L"@example.org', true],
    ["email", "ada@[192.0.2.1]", true],
    ["email", "Ada <ada@example.org>", false],
    ["email", "ada..l@example.org", false],
    ["text", "", true],
    ["colour", "red", true],
  ])("%s: %s is %s", (type, value, fits) => {
    expect(fitsLabelType(value, type, false)).toBe(fits);
  });

  it.each([
    ["MIT", true, true],
    ["BSD-3-Clause", true, true],
    // Given up, and still in use.
    ["GPL-2.0", true, true],
    ["mit", false, false],
    ["MIT OR Apache-2.0", false, true],
    ["(MIT AND BSD-2-Clause) OR GPL-2.0-or-later WITH Classpath-exception-2.0", false, true],
    ["LicenseRef-Ours", false, true],
    ["mit or Apache-2.0", false, false],
    ["MIT or Apache-2.0", false, true],
    ["Apache-2.0 WITH LLVM-exception", false, true],
    ["DocumentRef-x:LicenseRef-Ours", false, true],
    ["(MIT OR Apache-2.0", false, false],
    ["MIT) OR (Apache-2.0", false, false],
    ["", false, false],
    ["MIT OR", false, false],
    ["not-spdx", false, false],
  ])("spdx: %s alone is %s, as an expression %s", (value, alone, expression) => {
    expect(fitsLabelType(value, "spdx", false)).toBe(alone);
    expect(fitsLabelType(value, "spdx", true)).toBe(expression);
  });
});

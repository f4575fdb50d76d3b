import { describe, expect, test } from "vitest";
import {
  familiarName,
  formatFamiliar,
  formatReference,
  isImageId,
  parseReference,
  withDefaultTag,
} from "./reference.ts";

const hex = "0123456789abcdef".repeat(4);

describe("parseReference", () => {
  test.each([
    ["busybox", "docker.io/library/busybox", "busybox"],
    ["busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36"],
    ["library/busybox", "docker.io/library/busybox", "busybox"],
    ["docker.io/busybox", "docker.io/library/busybox", "busybox"],
    ["index.docker.io/busybox", "docker.io/library/busybox", "busybox"],
    ["index.docker.io/user/app", "docker.io/user/app", "user/app"],
    ["user/app:1", "docker.io/user/app:1", "user/app:1"],
    ["library/a/b", "docker.io/library/a/b", "library/a/b"],
    ["ghcr.io/org/team/app", "ghcr.io/org/team/app", "ghcr.io/org/team/app"],
    ["localhost/app", "localhost/app", "localhost/app"],
    ["localhost:5000/app:2", "localhost:5000/app:2", "localhost:5000/app:2"],
    ["127.0.0.1:5000/app", "127.0.0.1:5000/app", "127.0.0.1:5000/app"],
    ["[::1]:5000/app", "[::1]:5000/app", "[::1]:5000/app"],
    ["HOST/app", "HOST/app", "HOST/app"],
    ["test.com:8080/a__b---c.d/e_f", "test.com:8080/a__b---c.d/e_f", "test.com:8080/a__b---c.d/e_f"],
    [`app@sha256:${hex}`, `docker.io/library/app@sha256:${hex}`, `app@sha256:${hex}`],
    [`r.io:5/app:t@sha256:${hex}`, `r.io:5/app:t@sha256:${hex}`, `r.io:5/app:t@sha256:${hex}`],
    ["a:5000", "docker.io/library/a:5000", "a:5000"],
    ["a:_x.Y-z", "docker.io/library/a:_x.Y-z", "a:_x.Y-z"],
  ])("%s", (text, full, familiar) => {
    const reference = parseReference(text);
    expect(formatReference(reference)).toBe(full);
    expect(formatFamiliar(reference)).toBe(familiar);
    expect(parseReference(full)).toEqual(reference);
    expect(parseReference(familiar)).toEqual(reference);
  });

  test.each([
    ["", "empty"],
    [hex, "the id of an image"],
    [`sha256:${hex}`, "the id of an image"],
    ["Busybox", "lower case"],
    ["user/Repo:tag", "lower case"],
    ["a//b", "between slashes"],
    ["a/", "between slashes"],
    ["/a", "between slashes"],
    ["..", "between slashes"],
    ["../images/x", "not the host of a registry"],
    ["a/../b", "between slashes"],
    ["a___b", "between slashes"],
    ["-a", "between slashes"],
    ["a.", "between slashes"],
    ["a b", "between slashes"],
    ["a\r\nb", "between slashes"],
    ["ünï", "between slashes"],
    ["a:", "a tag is"],
    ["a:-x", "a tag is"],
    [`a:${"x".repeat(129)}`, "a tag is"],
    ["a:b:c", "a tag is"],
    ["host:x/a", "not the host of a registry"],
    ["-x.io/a", "not the host of a registry"],
    ["https://ghcr.io/a", "not the host of a registry"],
    ["a@", "a digest is"],
    ["a@sha256:abc", "a digest is"],
    [`a@sha256:${hex.toUpperCase()}`, "a digest is"],
    [`a@md5:${hex.slice(32)}`, "a digest is"],
    [`${"a/".repeat(128)}a`, "longer than 255"],
  ])("refuses %j", (text, why) => {
    expect(() => parseReference(text, "tags")).toThrow(TypeError);
    expect(() => parseReference(text, "tags")).toThrow(`Argument "tags" is not an image reference`);
    expect(() => parseReference(text, "tags")).toThrow(why);
  });
});

test("the tag is latest only where there is neither tag nor digest", () => {
  expect(formatFamiliar(withDefaultTag(parseReference("app")))).toBe("app:latest");
  expect(formatFamiliar(withDefaultTag(parseReference("app:1")))).toBe("app:1");
  expect(formatFamiliar(withDefaultTag(parseReference(`app@sha256:${hex}`)))).toBe(`app@sha256:${hex}`);
});

test("the familiar name leaves out tag and digest", () => {
  expect(familiarName(parseReference(`docker.io/library/app:1@sha256:${hex}`))).toBe("app");
});

test("ids are told from names", () => {
  expect([hex, `sha256:${hex}`, "busybox", hex.slice(1), "sha256:abc"].map(isImageId)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

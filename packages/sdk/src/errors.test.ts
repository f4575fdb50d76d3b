import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import * as errors from "./errors.ts";

const { DockerError } = errors;

const every: readonly errors.DockerError[] = [
  new errors.ConnectionError("m", { host: "h" }),
  new errors.EngineGoneError("m", { host: "h" }),
  new errors.ResponseError("m", { status: 418 }),
  new errors.NotFoundError("m", { status: 404, what: "container" }),
  new errors.ConflictError("m", { status: 409 }),
  new errors.InvalidRequestError("m", { status: 400 }),
  new errors.AccessDeniedError("m", { status: 401 }),
  new errors.ServerError("m", { status: 500 }),
  new errors.OperationError("m"),
  new errors.BuildError("m"),
  new errors.TransferError("m"),
  new errors.ProtocolError("m"),
  new errors.StreamTruncatedError("m"),
  new errors.ContainerExitError("m", { exitCode: 1, stdout: "", stderr: "", container: "c" }),
  new errors.ContextError("m", { path: "p" }),
  new errors.CredentialError("m", { registry: "r" }),
  new errors.ConfigError("m", { path: "p" }),
  new errors.UnsupportedError("m", { needs: "n", has: "h" }),
];

describe("every error", () => {
  it("is here", () => {
    const classes = Object.values(errors).filter((value) => typeof value === "function");
    expect(new Set(every.map(({ constructor }) => constructor)).size).toBe(classes.length - 1);
  });

  it.each(every.map((error) => ({ error, class: error.constructor.name })))(
    "$class is told by its name",
    (row) => {
      const { error } = row;
      expect(error.name).toBe(row.class);
      expect(error.stack).toMatch(new RegExp(`^${row.class}: m\n`));
      expect(inspect(error)).toMatch(new RegExp(`^${row.class}: m\n`));
      expect(error).toBeInstanceOf(DockerError);
      expect(DockerError.is(error)).toBe(true);
    },
  );

  it("has a code of its own", () => {
    const codes = every.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(new errors.ServerError("m", { status: 503 }).code).toBe("UNAVAILABLE");
    expect(new errors.ServerError("m", { status: 500 }).code).toBe("SERVER_ERROR");
  });
});

describe("DockerError", () => {
  it("keeps operation and cause, and has no cause where there is none", () => {
    const cause = new Error("why");
    const error = new errors.ConflictError("m", { status: 409, operation: "ContainerStart", cause });
    expect(error).toMatchObject({ operation: "ContainerStart", cause, status: 409 });
    expect("cause" in new errors.OperationError("m")).toBe(false);
  });

  it("is known across two copies of the module, as ESM and CJS are", async () => {
    vi.resetModules();
    const copy = await import("./errors.ts");
    const error = new copy.NotFoundError("m", { status: 404, what: "image" });
    expect(error).not.toBeInstanceOf(DockerError);
    expect(DockerError.is(error)).toBe(true);
    expect(copy.DockerError.is(every[0])).toBe(true);
  });

  it.each([undefined, null, "DockerError", 1, {}, new Error("m"), new DOMException("m", "AbortError")])(
    "is not %s",
    (value) => {
      expect(DockerError.is(value)).toBe(false);
    },
  );
});

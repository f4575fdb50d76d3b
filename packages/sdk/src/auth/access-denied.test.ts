import { expect, test } from "vitest";
import { AccessDeniedError, NotFoundError, ServerError, TransferError } from "../errors.ts";
import { asAccessDenied } from "./access-denied.ts";

test.each([
  "unauthorized: authentication required",
  "no basic auth credentials",
  'Head "http://127.0.0.1:5001/v2/a/manifests/1": no basic auth credentials',
  "denied: requested access to the resource is denied",
  "push access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
  "unknown: unexpected status from HEAD request to http://127.0.0.1:5001/v2/a/blobs/x: 401 Unauthorized",
  "login attempt to http://127.0.0.1:5001/v2/ failed with status: 401 Unauthorized",
])("%s", (message) => {
  for (const error of [new TransferError(message), new ServerError(message, { status: 500 })]) {
    const denied = asAccessDenied(error);
    expect(denied).toBeInstanceOf(AccessDeniedError);
    expect(denied).toMatchObject({ message, cause: error, status: 401 });
  }
});

test.each([
  new TransferError("connection refused"),
  new TransferError("open /x: permission denied"),
  new NotFoundError("pull access denied for x", { status: 404, what: "image" }),
  new Error("unauthorized"),
])("%s stays what it is", (error) => {
  expect(asAccessDenied(error)).toBe(error);
});

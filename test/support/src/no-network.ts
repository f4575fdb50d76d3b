/**
 * Loaded before unit tests: what they reach with `fetch` and `node:http` ends at this machine. (What goes through npm's
 * undici is not seen here; the engine's client is only ever given the sockets of a fake engine.)
 */
import { syncBuiltinESMExports } from "node:module";
import nock from "nock";

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)(?::\d+)?$/;

nock.disableNetConnect();
// Requests over a unix socket count as ones to localhost.
nock.enableNetConnect((host) => LOOPBACK.test(host));
// What was imported by name before is the unguarded one otherwise.
syncBuiltinESMExports();

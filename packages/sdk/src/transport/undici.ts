/**
 * The parts of undici that are needed. All of it, with `fetch`, WebSockets and caches, takes longer to load than the
 * rest of this library. These files are no part of undici's interface: its version is held to one minor for them.
 */
import connect from "undici/lib/core/connect.js";
import UndiciPool from "undici/lib/dispatcher/pool.js";
import type { buildConnector as Connectors, Pool as Pools } from "undici";

export const Pool: typeof Pools = UndiciPool;
export const buildConnector: typeof Connectors = connect;

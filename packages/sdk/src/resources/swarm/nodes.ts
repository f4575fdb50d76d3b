import type { Node as NodeInspect, NodeSpec } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { callback, integer, record } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";
import { change } from "./change.ts";

/** How a node is forgotten. */
export interface NodeRemoveOptions extends CallOptions {
  /** Also one that has not left, or is a manager. Default `false`. */
  readonly force?: boolean | undefined;
}

/** Which nodes are listed. */
export interface NodeListOptions extends CallOptions {
  /** Only what matches, e.g. `{ role: "manager" }` or `{ "node.label": "disk=ssd" }`. Default: all. */
  readonly filters?: FilterOptions<"NodeList"> | undefined;
}

const removeOptions = optionsOf<NodeRemoveOptions>("{ force: true }", { force: "boolean" });
const listOptions = optionsOf<NodeListOptions>('{ filters: { role: "manager" } }', {
  filters: filterOptions,
});

/**
 * The handle of one node of the swarm, by id or name.
 * Its methods throw `NotFoundError` when there is no such node.
 */
export class Node {
  static {
    checkArguments(Node, "node", {
      promises: {
        inspect: [callOptions],
        update: [integer("version", "12"), record("spec", '{ Availability: "drain" }'), callOptions],
        change: [callback("edit", '(spec) => ({ ...spec, Availability: "drain" })'), callOptions],
        remove: [removeOptions],
      },
      direct: {},
    });
  }

  /** Its id or name, as it was given. */
  readonly id: string;
  readonly #caller: Caller;

  constructor(caller: Caller, id: string) {
    this.#caller = caller;
    this.id = id;
  }

  /** Everything the swarm knows of it. @throws NotFoundError */
  inspect({ signal }: CallOptions = {}): Promise<NodeInspect> {
    return this.#caller.call("NodeInspect", { path: { id: this.id }, signal });
  }

  /** Replaces its role, availability and labels. See {@link change}. @param version the one that `inspect` told */
  update(version: number, spec: NodeSpec, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("NodeUpdate", { path: { id: this.id }, query: { version }, body: spec, signal });
  }

  /**
   * Changes its role, availability or labels as they are now.
   *
   * ```ts
   * await node.change((spec) => ({ ...spec, Role: "manager" }));        // promotes it
   * await node.change((spec) => ({ ...spec, Availability: "drain" }));  // its tasks move to other nodes
   * ```
   *
   * @param edit is called again when another change came between
   */
  change(edit: (current: NodeSpec) => NodeSpec, options?: CallOptions): Promise<void> {
    return change(
      () => this.inspect(options),
      edit,
      (version, spec) => this.update(version, spec, options),
    );
  }

  /** Forgets a node that has left. */
  remove({ force, signal }: NodeRemoveOptions = {}): Promise<void> {
    return this.#caller.call("NodeDelete", { path: { id: this.id }, query: { force }, signal });
  }
}

/** The nodes of the swarm. */
export class Nodes {
  static {
    checkArguments(Nodes, "nodes", {
      promises: { list: [listOptions], exists: [ref("node"), callOptions] },
      direct: { get: [ref("node")] },
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The nodes of the swarm. */
  list({ filters, signal }: NodeListOptions = {}): Promise<readonly NodeInspect[]> {
    return this.#caller.call("NodeList", { query: { filters: filters && toFilters(filters) }, signal });
  }

  /** The handle of a node; asks nothing of the engine. */
  get(node: Ref): Node {
    return new Node(this.#caller, toId(node, "node"));
  }

  /** Whether the swarm has it. */
  exists(node: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(node), options);
  }
}

import { optional, wrongKind, type Check } from "./argument.ts";
import { isList } from "./list.ts";
import { eachOf } from "./named-values.ts";

/** A word that the API lists, or one of a newer engine. */
type Word<Known extends string> = Known | (string & {});
type ContainerStatus = "created" | "restarting" | "running" | "removing" | "paused" | "exited" | "dead";
type EventKind =
  | "builder"
  | "config"
  | "container"
  | "daemon"
  | "image"
  | "network"
  | "node"
  | "plugin"
  | "secret"
  | "service"
  | "volume";

/** Objects that came before, or have lived until: RFC 3339, seconds since 1970, or a duration such as `24h`. */
interface Pruned {
  readonly until: string | number;
}

/** `name` or `name=value`; of several all must be there. */
interface Labelled {
  readonly label: string;
}

/** Objects that do not have the label. */
interface Unlabelled {
  readonly "label!": string;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What each operation filters by, from the API reference; an engine refuses other names, but for events. */
interface FiltersOf {
  readonly BuildPrune: Labelled &
    Unlabelled &
    Pick<Named, "id"> & {
      readonly description: string;
      readonly inuse: boolean;
      readonly parent: string;
      readonly private: boolean;
      readonly shared: boolean;
      readonly type: Word<
        "source.local" | "source.git.checkout" | "exec.cachemount" | "regular" | "frontend" | "internal"
      >;
      /** Not used for as long, e.g. `24h`. */
      readonly until: string;
      /** As `until`. */
      readonly "unused-for": string;
    };
  readonly ConfigList: Labelled & Named;
  readonly ContainerList: Labelled &
    Named & {
      /** Made of this image or one that descends from it. */
      readonly ancestor: string;
      /** Made before this one. */
      readonly before: string;
      /** Ended with this code. */
      readonly exited: number;
      /** `80`, `80/udp` or `8000-8010`. */
      readonly expose: string | number;
      readonly health: Word<"starting" | "healthy" | "unhealthy" | "none">;
      readonly "is-task": boolean;
      readonly isolation: Word<"default" | "process" | "hyperv">;
      readonly network: string;
      /** As `expose`. */
      readonly publish: string | number;
      /** Made after this one. */
      readonly since: string;
      readonly status: Word<ContainerStatus>;
      /** A name, or a path in the container. */
      readonly volume: string;
    };
  readonly ContainerPrune: Pruned & Labelled & Unlabelled;
  readonly ImageList: Labelled &
    Pruned & {
      readonly before: string;
      readonly dangling: boolean;
      /** A pattern such as `busybox:*`. */
      readonly reference: string;
      readonly since: string;
    };
  readonly ImagePrune: Pruned & Labelled & Unlabelled & { readonly dangling: boolean };
  readonly ImageSearch: {
    readonly "is-automated": boolean;
    readonly "is-official": boolean;
    /** At least as many. */
    readonly stars: number;
  };
  readonly NetworkList: Labelled &
    Named & {
      /** Used by no container. */
      readonly dangling: boolean;
      readonly driver: string;
      readonly scope: Word<"swarm" | "global" | "local">;
      readonly type: Word<"custom" | "builtin">;
    };
  readonly NetworkPrune: Pruned & Labelled & Unlabelled;
  readonly NodeList: Labelled &
    Named & {
      readonly membership: Word<"accepted" | "pending">;
      readonly "node.label": string;
      readonly role: Word<"manager" | "worker">;
    };
  readonly PluginList: {
    readonly capability: Word<"volumedriver" | "networkdriver" | "ipamdriver" | "authz" | "logdriver">;
    readonly enabled: boolean;
  };
  readonly SecretList: Labelled & Named & { readonly names: string };
  readonly ServiceList: Labelled & Named & { readonly mode: Word<"replicated" | "global"> };
  readonly SystemEvents: Labelled & {
    readonly config: string;
    readonly container: string;
    readonly daemon: string;
    /** What happened, e.g. `start`. */
    readonly event: string;
    readonly image: string;
    readonly network: string;
    readonly node: string;
    readonly plugin: string;
    readonly scope: Word<"local" | "swarm">;
    readonly secret: string;
    readonly service: string;
    readonly type: Word<EventKind>;
    readonly volume: string;
  };
  readonly TaskList: Labelled &
    Named & {
      readonly "desired-state": Word<"running" | "shutdown" | "accepted">;
      readonly node: string;
      readonly service: string;
    };
  readonly VolumeList: Labelled &
    Pick<Named, "name"> & {
      /** Used by no container. */
      readonly dangling: boolean;
      readonly driver: string;
    };
  /** `all` takes volumes with a name too; from API 1.42. */
  readonly VolumePrune: Labelled & Unlabelled & { readonly all: boolean };
}

/** An operation that takes filters. */
export type FilteredOperation = keyof FiltersOf;

/** Filters as the engine's API has them: each name to the values that may match. */
export type Filters<Op extends FilteredOperation> = {
  readonly [Name in keyof FiltersOf[Op]]?: readonly string[] | undefined;
};

/**
 * Filters as people write them, e.g. `{ label: "a=b", dangling: true }`: a single value needs no list, and of
 * several values one has to match.
 */
export type FilterOptions<Op extends FilteredOperation> = {
  readonly [Name in keyof FiltersOf[Op]]?: FiltersOf[Op][Name] | readonly FiltersOf[Op][Name][] | undefined;
};

const filterValue = (name: string): Check => {
  return optional((value, of) => {
    for (const one of isList(value) ? value : [value]) {
      if (["string", "number", "boolean"].includes(typeof one)) continue;
      throw wrongKind(name, "text, a number, true or false, or a list of them", one, of);
    }
  });
};
const filtersNamed = (argument: string): Check => eachOf(argument, '{ label: "a=b" }', filterValue);

/** Takes {@link FilterOptions}. Which names there are, the engine says. */
export const filterOptions: Check = filtersNamed("filters");
const toFiltersOptions = filtersNamed("options");

/** The wire form of filters. @throws TypeError for what has no names, or other values */
export function toFilters<Op extends FilteredOperation>(options: FilterOptions<Op>): Filters<Op> {
  toFiltersOptions(options, "toFilters()");
  const wire = Object.entries<unknown>(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)]);
  return Object.fromEntries(wire) as Filters<Op>; // the same names
}

/** Releases that get no more security fixes, as known when the ruleset 2026-11 was made. */
import { oncePerImage, type ImageReference } from "./image-reference.ts";

/** A release that has ended. */
export interface EndedRelease {
  /** As people call it: `Debian 10 (buster)`. */
  readonly name: string;
  /** The month in which its support by everybody's means ended: `2024-06`. */
  readonly ended: string;
}

/** The newest release that has ended, with the older ones; names of releases stand for their numbers. */
interface Line {
  readonly title: string;
  /** From new to old: everything up to a version ended in a month. */
  readonly until: readonly (readonly [version: string, month: string])[];
  readonly names?: Readonly<Record<string, string>>;
  /** Newer ones that ended sooner, since they were not for long; with the last month of `until` at the earliest. */
  readonly also?: readonly string[];
}

const DEBIAN: Line = {
  title: "Debian",
  until: [
    ["10", "2024-06"],
    ["9", "2022-06"],
    ["8", "2020-06"],
  ],
  names: { buster: "10", stretch: "9", jessie: "8", wheezy: "7" },
};
const UBUNTU: Line = {
  title: "Ubuntu",
  until: [
    ["20.04", "2025-05"],
    ["18.04", "2023-05"],
    ["16.04", "2021-04"],
    ["14.04", "2019-04"],
  ],
  names: { focal: "20.04", bionic: "18.04", xenial: "16.04", trusty: "14.04" },
};
const ALPINE: Line = {
  title: "Alpine",
  until: [
    ["3.18", "2025-05"],
    ["3.17", "2024-11"],
    ["3.16", "2024-05"],
  ],
};
const DOTNET: Line = {
  title: ".NET",
  until: [
    ["6.0", "2024-11"],
    ["5.0", "2022-05"],
    ["3.1", "2022-12"],
  ],
  also: ["7.0"],
};

const OFFICIAL: ReadonlyMap<string, Line> = new Map<string, Line>([
  ["debian", DEBIAN],
  ["ubuntu", UBUNTU],
  ["alpine", ALPINE],
  [
    "node",
    {
      title: "Node.js",
      until: [
        ["18", "2025-04"],
        ["17", "2022-06"],
      ],
      also: ["19", "21"],
    },
  ],
  [
    "python",
    {
      title: "Python",
      until: [
        ["3.8", "2024-10"],
        ["3.7", "2023-06"],
        ["2", "2020-01"],
      ],
    },
  ],
  [
    "php",
    {
      title: "PHP",
      until: [
        ["8.0", "2023-11"],
        ["7", "2022-11"],
        ["5", "2018-12"],
      ],
    },
  ],
  [
    "ruby",
    {
      title: "Ruby",
      until: [
        ["3.1", "2025-03"],
        ["3.0", "2024-04"],
        ["2", "2023-03"],
      ],
    },
  ],
  [
    "golang",
    {
      title: "Go",
      until: [
        ["1.22", "2025-02"],
        ["1.21", "2024-08"],
        ["1.20", "2024-02"],
      ],
    },
  ],
  [
    "postgres",
    {
      title: "PostgreSQL",
      until: [
        ["12", "2024-11"],
        ["11", "2023-11"],
        ["10", "2022-11"],
      ],
    },
  ],
  ["mysql", { title: "MySQL", until: [["5", "2023-10"]] }],
  [
    "mongo",
    {
      title: "MongoDB",
      until: [
        ["5", "2024-10"],
        ["4", "2024-02"],
      ],
    },
  ],
]);
/** Images that get no more updates at all, whatever the tag. */
const ABANDONED: ReadonlyMap<string, EndedRelease> = new Map([
  ["centos", { name: "CentOS", ended: "2024-06" }],
  ["openjdk", { name: "The image openjdk", ended: "2022-07" }],
]);

/** The release that an image is or stands on, if it has ended. */
export const endedRelease: (reference: ImageReference) => EndedRelease | undefined = oncePerImage(
  (reference) => {
    const { registry, repository, name, tag } = reference;
    // .NET Framework is another product, with numbers of its own, and lives as long as its Windows.
    if (registry === "mcr.microsoft.com" && /^dotnet\/(?!framework\/)/.test(repository))
      return endedIn(DOTNET, tag ?? "");
    if (registry !== "docker.io" || repository !== `library/${name}`) return undefined;
    const abandoned = ABANDONED.get(name);
    if (abandoned !== undefined) return abandoned;
    const line = OFFICIAL.get(name);
    return (line && endedIn(line, tag ?? "")) ?? endedSystem(tag ?? "");
  },
);

/** `python:3.12-buster`, `node:20-alpine3.16`: the system below. */
function endedSystem(tag: string): EndedRelease | undefined {
  for (const part of tag.split("-").slice(1)) {
    const alpine = /^alpine(\d+\.\d+)$/.exec(part)?.[1];
    if (alpine !== undefined) return endedIn(ALPINE, alpine);
    if (Object.hasOwn(DEBIAN.names ?? {}, part)) return endedIn(DEBIAN, part);
    if (Object.hasOwn(UBUNTU.names ?? {}, part)) return endedIn(UBUNTU, part);
  }
  return undefined;
}

function endedIn({ title, until, names = {}, also = [] }: Line, tag: string): EndedRelease | undefined {
  const [word = ""] = tag.split("-");
  const known = Object.entries(names).find(([name]) => word === name || word.startsWith(`${name}.`))?.[1];
  const version = known ?? /^\d+(?:\.\d+)?/.exec(word)?.[0];
  if (version === undefined) return undefined;
  const short = also.find((one) => one === version || one === version.split(".")[0]);
  let ended = short === undefined ? undefined : until[0]?.[1];
  for (const [last, month] of until) if (isUpTo(version, last)) ended = month;
  const shown = known === undefined || known === word ? version : `${known} (${word})`;
  return ended === undefined ? undefined : { name: `${title} ${shown}`, ended };
}

/** Whether a version is of a release line or an older one; `3` alone is the newest of its line. */
function isUpTo(version: string, last: string): boolean {
  const [major = 0, minor] = version.split(".").map(Number);
  const [lastMajor = 0, lastMinor] = last.split(".").map(Number);
  if (major !== lastMajor) return major < lastMajor;
  if (lastMinor === undefined) return true;
  return minor !== undefined && minor <= lastMinor;
}

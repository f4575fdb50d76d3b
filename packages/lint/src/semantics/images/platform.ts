/** Platforms as builders name them: `linux/arm64`, `arm64`, `windows`. */

/** A platform, its parts under their usual names. */
export interface Platform {
  readonly os: string;
  /** Undefined where only the system is named: the builder takes its own. */
  readonly architecture: string | undefined;
}

const SYSTEMS: ReadonlySet<string> = new Set(
  (
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows " +
    "zos"
  ).split(" "),
);
const ARCHITECTURES: ReadonlySet<string> = new Set(
  (
    "386 amd64 amd64p32 arm arm64 arm64be armbe loong64 mips mips64 mips64le mips64p32 mips64p32le mipsle ppc ppc64 " +
    "ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm"
  ).split(" "),
);
/** Other names that builders know. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["i386", "386"],
  ["x86_64", "amd64"],
  ["x86-64", "amd64"],
  ["aarch64", "arm64"],
  ["armhf", "arm"],
  ["armel", "arm"],
]);
/** Those that only images have in theirs. */
const NAMES_IN_IMAGES: ReadonlyMap<string, string> = new Map([
  ["x64", "amd64"],
  ["arm64v8", "arm64"],
  ["armv6", "arm"],
  ["armv7", "arm"],
  ["arm32v5", "arm"],
  ["arm32v6", "arm"],
  ["arm32v7", "arm"],
]);
const PART = /^[\w.-]+(?:\([\w.-]+\))?$/;

/** The usual name of an architecture. */
function normalArchitecture(name: string): string {
  const lower = name.toLowerCase();
  return OTHER_NAMES.get(lower) ?? NAMES_IN_IMAGES.get(lower) ?? lower;
}

/** The architecture that a word is a name of, if it is one. */
export function architectureNamed(word: string): string | undefined {
  const name = normalArchitecture(word);
  return ARCHITECTURES.has(name) ? name : undefined;
}

/** Reads `os`, `architecture`, `os/architecture` or `os/architecture/variant`; undefined for anything else. */
export function parsePlatform(text: string): Platform | undefined {
  const parts = text.split("/");
  if (parts.length > 3 || !parts.every((part) => PART.test(part))) return undefined;
  const [first = "", second] = parts;
  const system = first.toLowerCase().replace(/\(.*$/, "");
  if (second !== undefined) return { os: system, architecture: normalArchitecture(second) };
  if (SYSTEMS.has(system)) return { os: system, architecture: undefined };
  const architecture = NAMES_IN_IMAGES.has(first.toLowerCase()) ? undefined : architectureNamed(first);
  return architecture === undefined ? undefined : { os: "linux", architecture };
}

/** What is needed to build a program and not to run it: packages, images, commands. */
import { optionOf, packageCallsOf, programsOf } from "../../shell/commands.ts";
import type { PackageArgument, PackageCall, ProgramCall } from "../../shell/commands.ts";
import type { Script } from "../../shell/nodes.ts";
import type { ImageReference } from "../images/image-reference.ts";

const SYSTEM_MANAGERS: ReadonlySet<string> = new Set(["apt", "apk", "dnf", "yum", "zypper"]);

const PACKAGES: ReadonlySet<string> = new Set(
  "alpine-sdk autoconf autoconf-archive automake base-devel bison build-base build-essential ccache cmake cargo"
    .concat(
      " default-jdk default-jdk-headless devscripts dpkg-dev fakeroot flex gcc-c++ gfortran go golang golang-go",
    )
    .concat(
      " gradle intltool libtool m4 make maven meson nasm ninja ninja-build ninja-is-really-ninja patchelf",
    )
    .concat(" pkg-config pkgconf rpm-build rust rustc samurai yasm @development-tools")
    .split(" "),
);
const PACKAGE_PATTERN =
  /^(?:gcc|g\+\+|clang|llvm|gfortran|golang)(?:-\d[\d.]*)?$|^linux-headers|^openjdk-?\d+-jdk|-dev(?:el)?$/;

const TOOLCHAIN_IMAGES: ReadonlySet<string> = new Set([
  "library/buildpack-deps",
  "library/gcc",
  "library/golang",
  "library/gradle",
  "library/haskell",
  "library/maven",
  "library/rust",
  "library/swift",
]);

const COMPILERS: ReadonlyMap<string, RegExp | undefined> = new Map([
  ["go", /^(?:build|install)$/],
  ["cargo", /^(?:build|install)$/],
  ["mvn", /^(?:package|install|verify|deploy|compile)$/],
  ["mvnw", /^(?:package|install|verify|deploy|compile)$/],
  ["gradle", /^:?(?:[\w:-]*:)?(?:build|assemble|bootJar|shadowJar|jar|installDist|nativeCompile)$/],
  ["gradlew", /^:?(?:[\w:-]*:)?(?:build|assemble|bootJar|shadowJar|jar|installDist|nativeCompile)$/],
  ["dotnet", /^(?:build|publish|pack)$/],
  ["swift", /^build$/],
  ["stack", /^(?:build|install)$/],
  ["cabal", /^(?:build|install|v2-build)$/],
  ["make", undefined],
  ["cmake", undefined],
  ["ninja", undefined],
  ["gcc", undefined],
  ["g++", undefined],
  ["cc", undefined],
  ["clang", undefined],
  ["rustc", undefined],
  ["javac", undefined],
]);

/** The packages of a call that only building needs, of those that no later command of the script takes out again. */
export function buildPackagesLeft(call: PackageCall, script: Script): readonly PackageArgument[] {
  if (call.action !== "install" || !SYSTEM_MANAGERS.has(call.manager)) return [];
  const tools = call.packages.filter(isBuildPackage);
  if (tools.length === 0) return [];
  const later = packageCallsOf(script).filter(
    (other) => other.action === "remove" && other.call.command.index > call.call.command.index,
  );
  const removed = later.flatMap(({ packages }) => packages);
  // Names in variables, and packages marked as installed for others only: nobody can tell what is left.
  if (removed.some(({ name, word }) => name === undefined || word.glob)) return [];
  if (later.length > 0 && programsOf(script).some(({ name }) => name === "apt-mark")) return [];
  const names = new Set(removed.map(({ name }) => name));
  const group = optionOf(call, "--virtual", "-t");
  if (group !== undefined && (group.value === undefined || names.has(group.value))) return [];
  return tools.filter(({ name }) => !names.has(name));
}

function isBuildPackage({ name }: PackageArgument): boolean {
  return name !== undefined && isBuildName(name);
}

function isBuildName(name: string): boolean {
  return PACKAGES.has(name) || PACKAGE_PATTERN.test(name);
}

/** Whether a program compiles, or comes with a package that only building needs. */
export function isBuildProgram({ name }: ProgramCall): boolean {
  return name !== undefined && (COMPILERS.has(name) || isBuildName(name) || name === "configure");
}

/** Whether a package manager may compile what it installs: those of languages may. */
export function mayBuild({ action, manager }: PackageCall): boolean {
  return action === "install" && !SYSTEM_MANAGERS.has(manager);
}

/** Whether an image is there to build with. */
export function isToolchain({ registry, repository }: ImageReference): boolean {
  if (registry === "mcr.microsoft.com") return /^dotnet\/(?:core\/)?sdk$/.test(repository);
  return registry === "docker.io" && TOOLCHAIN_IMAGES.has(repository);
}

/** The first command of a script that compiles something. */
export function compilationIn(script: Script): ProgramCall | undefined {
  return programsOf(script).find(({ name, args }) => {
    if (name === undefined || !COMPILERS.has(name)) return false;
    const goal = COMPILERS.get(name);
    return goal === undefined || args.some(({ value }) => value !== undefined && goal.test(value));
  });
}

import { optionOf, type PackageCall } from "../commands.ts";
import { explicitInstall, type InstallReading } from "./dependency-install.ts";

/** How a call of a package manager installs from a manifest; undefined where it does not. */
export function readManifestInstall(call: PackageCall): InstallReading | undefined {
  const { manager, manifest, action, subcommand } = call;
  const { args } = call.call;
  const place = subcommand === undefined ? 0 : args.indexOf(subcommand) + 1;
  const global = optionOf(call, "-g", "--global", "--location") !== undefined;
  switch (manager) {
    case "npm": {
      if (!manifest || global) return undefined;
      const folder = optionOf(call, "--prefix", "-C")?.value;
      return { ...explicitInstall("npm", ["package.json", "package-lock.json"], call.call, place), folder };
    }
    case "pnpm": {
      if (!manifest || global) return undefined;
      const folder = optionOf(call, "-C", "--dir")?.value;
      return { ...explicitInstall("pnpm", ["package.json", "pnpm-lock.yaml"], call.call, place), folder };
    }
    case "yarn": {
      if (!manifest || global) return undefined;
      const folder = optionOf(call, "--cwd")?.value;
      return { ...explicitInstall("yarn", ["package.json", "yarn.lock"], call.call, place), folder };
    }
    case "pip": {
      if (!manifest || action !== "install") return undefined;
      const files = call.options
        .filter(({ name }) => ["-r", "--requirement", "-c", "--constraint"].includes(name))
        .flatMap(({ value }) => (value === undefined ? [] : [value]));
      if (files.length === 0) return undefined;
      const needsSource =
        call.packages.some(({ source }) => source === "local") || optionOf(call, "-e", "--editable");
      const reading = explicitInstall("pip", files, call.call, place);
      return {
        ...reading,
        step: [reading.step, ...files].join(" -r "),
        movable: !needsSource,
      };
    }
    case "go": {
      const name = subcommand?.value ?? "";
      const downloads = manifest && name === "mod";
      const builds =
        ["build", "test", "vet", "run", "generate"].includes(name) || (name === "install" && manifest);
      if (!downloads && !builds) return undefined;
      const reading = explicitInstall("go", ["go.mod", "go.sum"], call.call, downloads ? place + 1 : place);
      return { ...reading, explicit: downloads, step: "go mod download" };
    }
    case "cargo": {
      const name = subcommand?.value ?? "";
      const cooks = name === "chef" && args[place]?.value === "cook";
      const builds = ["build", "test", "check", "rustc", "run", "b"].includes(name) || isLocalInstall(call);
      if (name !== "fetch" && !cooks && !builds) return undefined;
      const reading = explicitInstall(
        "cargo",
        ["Cargo.toml", "Cargo.lock"],
        call.call,
        cooks ? place + 1 : place,
      );
      return { ...reading, explicit: !builds, step: "cargo chef cook", movable: false };
    }
    default:
      return undefined;
  }
}

function isLocalInstall(call: PackageCall): boolean {
  return call.subcommand?.value === "install" && optionOf(call, "--path") !== undefined;
}

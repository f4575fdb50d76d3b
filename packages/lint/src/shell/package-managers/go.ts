import type { ProgramCall } from "../program.ts";
import { isPath, packageCall, packageWith, readSubcommand } from "./call.ts";
import type { PackageArgument, PackageCall, PackageManager } from "./call.ts";
import type { ShellWord } from "../nodes.ts";

const STYLE = {
  short: "CopP",
  long: ["ldflags", "gcflags", "asmflags", "tags", "mod", "modfile"],
  clusters: false,
};

/** The go command, as far as it loads modules. */
export const go: PackageManager = {
  name: "go",
  tools: ["go"],
  cache: {
    directories: ["~/go/pkg/mod", "/go/pkg/mod", "~/.cache/go-build"],
    offOptions: [],
    offVariables: {},
    moveOptions: [],
    moveVariables: ["GOMODCACHE", "GOCACHE", "GOPATH"],
  },
  read(call: ProgramCall): PackageCall {
    const line = readSubcommand(call.args, STYLE);
    const name = line.subcommand?.value ?? "";
    const gets = name === "install" || name === "get";
    const downloads = name === "mod" && line.rest[0]?.value === "download";
    const cleans = name === "clean" && line.options.some((option) => /^--?(?:mod)?cache$/.test(option.name));
    const action = gets || downloads ? "install" : cleans ? "clean" : "other";
    const packages = gets ? line.rest.map(packageOf) : [];
    const manifest = downloads || (gets && packages.every((one) => one.source === "local"));
    return packageCall(line, { manager: "go", tool: "go", call, action, packages, manifest });
  },
};

/** `example.com/tool@v1`, `./cmd/...`. */
function packageOf(word: ShellWord): PackageArgument {
  return isPath(word) ? packageWith(word, /$^/, "local") : packageWith(word, /@/, "repository");
}

/** What a command line that starts a shell says about the shell. */
export interface ShellSpeech {
  readonly dialect: "posix" | "bash" | "powershell" | "cmd" | "unknown";
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** Which argument holds the code, after `-c`; undefined if there is none. */
  readonly codeIndex?: number | undefined;
}

const DIALECTS: ReadonlyMap<string, ShellSpeech["dialect"]> = new Map([
  ["sh", "posix"],
  ["ash", "posix"],
  ["dash", "posix"],
  ["ksh", "posix"],
  ["mksh", "posix"],
  ["busybox", "posix"],
  ["bash", "bash"],
  ["zsh", "bash"],
  ["powershell", "powershell"],
  ["pwsh", "powershell"],
  ["cmd", "cmd"],
]);

/** Reads `["/bin/bash", "-o", "pipefail", "-c"]`, with code after it or not; also through `env`. */
export function readShell(argv: readonly string[]): ShellSpeech {
  let at = 0;
  if (programName(argv[0]) === "env") {
    at = 1;
    while (at < argv.length && (argv[at]?.startsWith("-") || argv[at]?.includes("="))) at += 1;
  }
  let name = programName(argv[at]);
  if (name === "busybox" && argv[at + 1] && !argv[at + 1]?.startsWith("-")) {
    at += 1;
    name = programName(argv[at]);
  }
  const dialect = DIALECTS.get(name) ?? "unknown";
  let errexit = false;
  let pipefail = false;
  let codeIndex: number | undefined;
  for (at += 1; at < argv.length; at += 1) {
    const option = argv[at] ?? "";
    if (!/^[-+]/.test(option)) break;
    if (option.startsWith("--")) continue;
    const on = option.startsWith("-");
    if (option.includes("e")) errexit = on;
    if (option.includes("c")) codeIndex = at + 1;
    if (!option.endsWith("o")) continue;
    at += 1;
    if (codeIndex !== undefined) codeIndex = at + 1;
    if (argv[at] === "pipefail") pipefail = on;
    if (argv[at] === "errexit") errexit = on;
  }
  if (codeIndex !== undefined) codeIndex = at;
  const posix = dialect === "posix" || dialect === "bash";
  return {
    dialect,
    errexit,
    pipefail,
    codeIndex: posix && codeIndex !== undefined && codeIndex < argv.length ? codeIndex : undefined,
  };
}

/** The name of a program without its folder, in lower case and without `.exe`. */
function programName(path: string | undefined): string {
  if (path === undefined) return "";
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1).toLowerCase();
  return name.endsWith(".exe") ? name.slice(0, -4) : name;
}

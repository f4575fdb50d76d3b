/** Completions, asked for in the shells that they are for. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { ensurePackages } from "test-support/engine";
import { tempDir } from "test-support/temp-dir";
import { beforeAll, describe, expect, it } from "vitest";
import { dflint } from "./dflint-run.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** What is typed, and what it is completed to. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["dflint expl", ["explain"]],
  ["dflint --presets", []],
  ["dflint --pres", ["--preset"]],
  ["dflint --preset st", ["strict"]],
  ["dflint check --fail-on ne", ["never"]],
  ["dflint fix --uns", ["--unsafe"]],
  ["dflint explain maintainer-d", ["maintainer-deprecated"]],
  ["dflint check -o sar", ["sarif"]],
  ["dflint baseline pru", ["prune"]],
  ["dflint migrate h", ["hadolint"]],
  ["dflint completion f", ["fish"]],
  ["dflint rules --preset=build", ["--preset=buildkit"]],
];

beforeAll(async () => {
  const missing = SHELLS.filter((shell) => spawnSync(shell, ["-c", "true"]).status !== 0);
  if (missing.length > 0) await ensurePackages(missing);
});

/** bash's function gets the words as readline parts them, at "=", too. */
const ASK_BASH = String.raw`
source "$1"
COMP_WORDS=($(printf '%s' "$2" | sed 's/=/ = /g'))
COMP_CWORD=$(($\{#COMP_WORDS[@]} - 1))
_dflint
[ $\{#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "$\{COMPREPLY[@]}"
`.replaceAll("$\\{", "${");

const ASK_FISH = `source $argv[1]; complete -C $argv[2] | string replace -r '\\t.*' ''`;

/** A shell in a terminal of its own gets the keys; what stands there after a tab is what it completed. */
const ASK_ZSH = String.raw`
zmodload zsh/zpty
zpty shell 'PS1= TERM=dumb zsh -f -i'
zpty -w shell "autoload -U compinit; compinit -u -D; source $1; dflint() { print -r -- \"<\$\{@[-1]}>\"; }; setopt no_auto_menu no_beep; unsetopt auto_list; print REA''DY"
zpty -r shell line '*READY*'
zpty -w -n shell "$2"$'\t\n'
zpty -r shell line '*<*>*'
print -r -- "$\{$\{line##*<}%%>*}"
zpty -d shell
`.replaceAll("$\\{", "${");

const ASK: Readonly<Record<Shell, readonly string[]>> = {
  bash: ["--norc", "-c", ASK_BASH, "bash"],
  zsh: ["-f", "-c", ASK_ZSH, "zsh"],
  fish: ["--no-config", "-c", ASK_FISH],
};

describe.each(SHELLS)("completions for %s", (shell) => {
  it("know commands, options, values and rules", async () => {
    await using folder = await tempDir();
    const { out, code } = await dflint(["completion", shell], { folder: folder.path });
    expect(code).toBe(0);
    const script = folder.join("completion");
    writeFileSync(script, out);
    for (const [typed, expected] of CASES) {
      const run = spawnSync(shell, [...ASK[shell], script, typed], {
        cwd: folder.path,
        encoding: "utf8",
        env: { ...process.env, HOME: folder.path },
      });
      const answer = run.stdout.split("\n").filter((line) => line !== "");
      // In a terminal what cannot be completed stays; bash gets only what is behind the "=".
      const last = typed.split(" ").at(-1) ?? "";
      const unchanged = shell === "zsh" && expected.length === 0 ? [last] : expected;
      const wanted = shell === "bash" ? unchanged.map((word) => word.replace(/^--\w+=/, "")) : unchanged;
      expect({ typed, answer, err: run.stderr }).toEqual({ typed, answer: wanted, err: "" });
    }
  });
});

describe("dflint completion", () => {
  it.each([[[]], [["tcsh"]], [["bash", "zsh"]]])("refuses %j", async (shells) => {
    await using folder = await tempDir();
    const run = await dflint(["completion", ...shells], { folder: folder.path });
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining("bash|zsh|fish") });
  });
});

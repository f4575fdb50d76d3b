import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./arguments.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { COMMAND_NAMES, COMMANDS } from "./options.ts";

describe("parseCommandLine", () => {
  it("takes check for the command where none is named first", () => {
    expect(parseCommandLine([])).toMatchObject({ command: "check", isNamed: false, operands: [] });
    expect(parseCommandLine(["a", "rules"])).toMatchObject({ command: "check", operands: ["a", "rules"] });
    expect(parseCommandLine(["rules", "--json"])).toMatchObject({
      command: "rules",
      isNamed: true,
      operands: [],
    });
  });

  it("reads values, lists, repeats and short forms, and leaves - and what follows -- alone", () => {
    const { options, operands } = parseCommandLine([
      "-q",
      "-ojson",
      "--output=compact=x.txt",
      "--only",
      "A,B",
      "--only=C",
      "-",
      "--",
      "--quiet",
    ]);
    expect(options.has("quiet")).toBe(true);
    expect(options.list("output")).toEqual(["json", "compact=x.txt"]);
    expect(options.list("only")).toEqual(["A", "B", "C"]);
    expect(options.text("config")).toBeUndefined();
    expect(operands).toEqual(["-", "--quiet"]);
  });

  it("reads standard input where its name is given and no path", () => {
    expect(parseCommandLine(["--stdin-filename", "a/Dockerfile"]).operands).toEqual(["-"]);
    expect(parseCommandLine(["fix", "--stdin-filename=a", "-"]).operands).toEqual(["-"]);
    expect(parseCommandLine(["--stdin-filename=a", "b"]).operands).toEqual(["b"]);
  });

  it.each([
    [["--nonsense"], "There is no option --nonsense."],
    [["--confg=x"], 'There is no option --confg. Did you mean "--config"?'],
    [["-z"], "There is no option -z."],
    [["rules", "--fix"], "There is no option --fix."],
    [
      ["--no-config", "fix", "--unsafe"],
      'There is no option --unsafe. The command comes first: "dflint fix --unsafe".',
    ],
    [["--quiet", "fix", "--nonsense"], 'There is no option --nonsense. "dflint --help" lists them.'],
    [["rules", "fix", "--unsafe"], 'There is no option --unsafe. "dflint rules --help" lists them.'],
    [["--fail-on"], "--fail-on needs a value: --fail-on LEVEL."],
    [
      ["--fail-on=eror"],
      '--fail-on takes error, warning, info, style, never, not "eror". Did you mean "error"?',
    ],
    [["--fix=yes"], "--fix takes no value."],
    [["--context", ""], "--context needs a value, and got an empty one: --context DIR."],
    [["measure", "--html="], "--html needs a value, and got an empty one: --html PATH."],
    [["cache", "--touch="], "--touch needs a value, and got an empty one: --touch PATH."],
  ])("refuses %j", (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(message);
  });
});

describe("help", () => {
  it("names every command and every option", () => {
    for (const name of COMMAND_NAMES) {
      expect(generalHelp()).toContain(COMMANDS[name].usage);
      for (const option of Object.keys(COMMANDS[name].options))
        expect(commandHelp(name)).toContain(`--${option}`);
    }
  });
});

/** Fixes leave it as it is what a build runs, in which order, as whom, and whether it fails. */
import { describe, expect, test } from "vitest";
import { fix } from "../index.ts";
import { exampleContext } from "../linter/example.ts";

const BASES = { DFL401: "alpine:3.20", DFL403: "node:20", DFL405: "debian:12", DFL406: "fedora:41" };

function fixed(rule: string, text: string): string {
  return fix({ text, preset: "strict", only: [rule] }).text;
}

function fixedRun(rule: keyof typeof BASES, ...lines: readonly string[]): string {
  const from = `FROM ${BASES[rule]}\n`;
  return fixed(rule, `${from}${lines.join("\n")}\n`).slice(from.length, -1);
}

describe("in exec form an option is a string of its own", () => {
  test.each([
    ["DFL401", "alpine:3.20", '["apk", "add", "jq"]', '["apk", "add", "--no-cache", "jq"]'],
    ["DFL401", "alpine:3.20", '["apk","add","-U","jq"]', '["apk","add","--no-cache","jq"]'],
    ["DFL402", "python:3.12", '["pip","install","x"]', '["pip","install","--no-cache-dir","x"]'],
    ["DFL411", "debian:12", '["apt-get", "install"]', '["apt-get", "install", "-y"]'],
    ["DFL411", "opensuse/leap:15", '["zypper", "in", "x"]', '["zypper", "--non-interactive", "in", "x"]'],
    ["DFL414", "debian:12", '["wget", "http://e.org/"]', '["wget", "--progress=dot:giga", "http://e.org/"]'],
    [
      "DFL506",
      "debian:12",
      '["useradd", "-u", "123456", "x"]',
      '["useradd", "--no-log-init", "-u", "123456", "x"]',
    ],
  ])("%s on %s: %s", (rule, base, before, after) => {
    expect(fixed(rule, `FROM ${base}\nRUN ${before}\n`)).toBe(`FROM ${base}\nRUN ${after}\n`);
  });
});

describe("a command at the end does not hide that what is before it failed", () => {
  test.each([
    ["a list of which -e does not heed the first part", "set -e; test -f x && npm ci", " && "],
    ["a negated command", "set -e; npm ci; ! grep x y", " && "],
    ["a command that -e heeds", "set -e; npm ci; a", "; "],
    ["a list that is heeded", "set -e; npm ci; a || b", " && "],
    ["-e that was taken back", "set -e; npm ci; set +e; a", " && "],
    ["a block that fails by -e alone", "set -e; if a; then npm ci; fi", "; "],
    ["a subshell, where && would turn -e off", "set -e; (npm ci; a)", "; "],
    ["no -e at all", "npm ci; (a && b)", " && "],
    ["an exit that only failures reach", "set -e; npm ci || exit 1", " && "],
    ["an assignment", "set -e; npm ci; x=$(a)", "; "],
    ["arguments that -e is not among", "set -e; set -- $A -e; npm ci", "; "],
  ])("%s", (_, code, joiner) => {
    const run = `RUN ${code}`;
    expect(fixedRun("DFL403", run)).toBe(`${run}${joiner}npm cache clean --force`);
  });

  test.each([
    ["a block that holds a list", "set -e; (npm ci && a)"],
    ["a list that ends in a block", "set -e; a && (npm ci)"],
    ["a function", "set -e; f() { npm ci && a; }; f"],
    ["-e that may be on", "a || set -e; { npm ci; b; }"],
    ["a list that ends in a pipe of a block", "set -e; npm ci && (a) | b"],
    ["code that cannot be read", "set -e; npm ci; eval x"],
    ["an exit, which nothing comes after", "npm ci && exit 0"],
  ])("and none is added to %s", (_, code) => {
    expect(fixedRun("DFL403", `RUN ${code}`)).toBe(`RUN ${code}`);
  });

  test("nor in a heredoc", () => {
    const withReturns = "RUN <<EOF\r\nnpm ci\r\nEOF\r";
    expect(fixedRun("DFL403", withReturns)).toBe(withReturns);
    expect(fixedRun("DFL403", "RUN <<EOF", "set -e", "npm ci", "a && b", "EOF")).toBe(
      "RUN <<EOF\nset -e\nnpm ci\na && b && npm cache clean --force\nEOF",
    );
    expect(fixedRun("DFL403", "RUN <<EOF", "set -e", "npm ci", "set +e", "a", "EOF")).toBe(
      "RUN <<EOF\nset -e\nnpm ci\nset +e\na && npm cache clean --force\nEOF",
    );
  });
});

describe("what cleans up has the rights of what it cleans up after", () => {
  test.each([
    ["DFL405", "sudo apt-get update && sudo apt-get install -y jq", "sudo rm -rf /var/lib/apt/lists/*"],
    [
      "DFL405",
      "sudo -E DEBIAN_FRONTEND=noninteractive apt-get update && sudo apt-get install -y jq",
      "sudo -E DEBIAN_FRONTEND=noninteractive rm -rf /var/lib/apt/lists/*",
    ],
    ["DFL403", "gosu node npm ci", "gosu node npm cache clean --force"],
    ["DFL406", "sudo timeout 60 dnf install -y x", "sudo dnf clean all"],
  ] as const)("%s: %s", (rule, command, clean) => {
    const run = `RUN ${command}`;
    expect(fixedRun(rule, "USER 1000", run)).toBe(`USER 1000\n${run} && ${clean}`);
  });

  test("what takes out compilers, too", () => {
    const text = 'FROM alpine:3.20\nRUN sudo apk add --no-cache gcc && make\nCMD ["a"]\n';
    const { text: after } = fix({ text, only: ["DFL307"], applicability: "unsafe" });
    expect(after).toContain("&& make && sudo apk del gcc\n");
  });
});

describe("what is read again is not deleted", () => {
  test.each([
    ["DFL401", "RUN apk add -U jq && apk upgrade"],
    ["DFL401", "RUN apk update && apk add --no-cache jq\nRUN apk search tini"],
    ["DFL403", "RUN npm ci\nRUN npm install --offline x && npm cache clean --force"],
    ["DFL405", "RUN apt-get update && apt-get install -y jq\nRUN apt-get upgrade -y"],
    ["DFL405", "RUN apt-get update && apt-get install -y jq\nRUN apt-cache policy tini"],
    ["DFL406", "RUN dnf install -y jq\nRUN dnf install -y -C tini && dnf clean all"],
  ] as const)("%s: %s", (rule, code) => {
    expect(fixedRun(rule, code)).toBe(code);
  });
});

test("what lists only what is installed reads no lists", () => {
  const code = "RUN apt-get update && apt-get install -y jq\nRUN apt list --installed > /packages";
  expect(fixedRun("DFL405", code)).toContain("jq && rm -rf /var/lib/apt/lists/*\nRUN apt list");
});

test("apk update goes where it only keeps quiet", () => {
  const run = "RUN apk update > /dev/null 2>&1 && apk add --no-cache jq";
  expect(fixedRun("DFL401", run)).toBe("RUN apk add --no-cache jq");
});

test.each(["a || apk update", "! apk update", "apk update > /log"])(
  "apk update stays where it does more than what follows: %s",
  (update) => {
    const run = `RUN ${update} && apk add --no-cache jq`;
    expect(fixedRun("DFL401", run)).toBe(run);
  },
);

describe("a mode or an owner moves into COPY by a safe fix only where nothing can tell", () => {
  const copy = (flags: string): string => `FROM debian:12\nCOPY ${flags}run.sh /opt/\n`;
  const fixes = (code: string, applicability: "safe" | "suggestion"): string =>
    fix({ text: `${copy("")}${code}\n`, only: ["DFL105"], applicability }).text;

  test.each([
    ["chmod 755 /opt/run.sh && a", "--chmod=755 ", "RUN a\n"],
    ["chown app:app /opt/run.sh", "--chown=app:app ", ""],
  ])("%s", (code, flag, rest) => {
    expect(fixes(`RUN ${code}`, "safe")).toBe(`${copy(flag)}${rest}`);
    const other = "COPY --from=build /out/ /srv/\n";
    expect(fixes(`${other}RUN ${code}`, "safe")).toBe(`${copy(flag)}${other}${rest}`);
  });

  test.each([
    ["what stands before it may see the file", "RUN stat /opt/run.sh && chmod 755 /opt/run.sh"],
    ["a RUN before it may replace the file", "RUN rm /opt/run.sh\nRUN chmod 755 /opt/run.sh"],
    ["another COPY may replace the file", "COPY more/ /opt/\nRUN chmod 755 /opt/run.sh"],
    ["the group stays otherwise", "RUN chown app /opt/run.sh"],
    ["the mode depends on that of the file", "RUN chmod +x /opt/run.sh"],
  ])("not where %s", (_, code) => {
    expect(fixes(code, "safe")).toBe(`${copy("")}${code}\n`);
    expect(fixes(code, "suggestion")).toMatch(/COPY --ch/);
  });

  test("and not at all where it is done under a condition", () => {
    const code = 'RUN [ -n "$A" ] && chmod 755 /opt/run.sh; b';
    expect(fixes(code, "suggestion")).toBe(`${copy("")}${code}\n`);
  });
});

test("owners are named by number in an image without names", () => {
  const text = (user: string): string => `FROM scratch\nUSER ${user}\nCOPY a.txt /app/\n`;
  expect(fixed("DFL504", text("app"))).toBe(text("app"));
  expect(fixed("DFL504", text("1000:1000"))).toBe(
    "FROM scratch\nUSER 1000:1000\nCOPY --chown=1000:1000 a.txt /app/\n",
  );
});

describe("what a step names is kept out of the build by no safe fix", () => {
  const all = { ".git/HEAD": 1, ".env": 1, "a/node_modules/x": 1, "a.js": 1 };
  const ignoreText = (path: string, lines: string, dockerignore?: string): string | undefined => {
    const { applied, ignoreText: text } = fix({
      text: `FROM debian:12\nCOPY . /app\n${lines}\n`,
      context: exampleContext({
        files: { [path]: all[path as keyof typeof all] },
        ...(dockerignore !== undefined && { dockerignore }),
      }),
      only: ["DFL601", "DFL602", "DFL603", "DFL604"],
    });
    return applied.length === 0 ? undefined : text;
  };

  test.each([
    [".git/HEAD", "RUN cat /app/.git/HEAD"],
    [".git/HEAD", "RUN <<EOF\ncat .git/HEAD\nEOF"],
    [".env", "RUN . ./.env && make"],
    [".env", 'CMD ["node", "--env-file=.env"]'],
    [".env", "ONBUILD RUN cat .env"],
    [".env", "FROM debian:12\nCOPY --from=0 /app/.env /"],
    ["a/node_modules/x", "RUN npm ci && cat a/node_modules/x"],
  ])("%s: %s", (path, lines) => {
    expect(ignoreText(path, lines)).toBeUndefined();
    expect(ignoreText(path, lines, "b\n")).toBeUndefined();
  });

  test.each([
    [".git/HEAD", "RUN rm -rf .git && curl https://example.org/x.git"],
    [".env", "RUN cat .env.example"],
  ])("%s, which %s does not need, is", (path, lines) => {
    expect(ignoreText(path, lines)).toBe(`${path.split("/")[0]}\n`);
  });

  test("and what an exception names stays, too", () => {
    expect(ignoreText(".env", "RUN true", ".env*\n!.env\n")).toBeUndefined();
  });
});

test("packages that JSON escapes are not sorted", () => {
  const text = 'FROM debian:12\nRUN ["sh", "-c", "apt-get install -y \\"b\\" a"]\n';
  expect(fixed("DFL419", text)).toBe(text);
});

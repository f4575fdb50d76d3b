import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../syntax/parser.ts";
import { cacheEscape } from "./package-managers/cache-escape.ts";
import { packageCallsOf, programsOf } from "./commands.ts";
import type { PackageCall } from "./commands.ts";
import { scriptOf } from "./script.ts";
import type { Script } from "./script.ts";

function scriptIn(code: string): Script {
  const instruction = parseDockerfile(`RUN ${code}\n`).instructions[0];
  const script = instruction && scriptOf(instruction, { dialect: "posix", errexit: false, pipefail: false });
  if (!script) throw new Error("no script");
  return script;
}

function callIn(code: string): PackageCall {
  const [call] = packageCallsOf(scriptIn(code));
  if (!call) throw new Error(`no call in ${code}`);
  return call;
}

describe("programs", () => {
  test.each([
    ["sudo -E -u root env A=1 -u B apt-get update", "apt-get", ["sudo", "env"], ["update"]],
    ["A=1 exec /usr/bin/nginx -g x", "nginx", ["exec"], ["-g", "x"]],
    ["timeout -k 5 10 nice -n5 ls", "ls", ["timeout", "nice"], []],
    ["nice -n 5 ls -l", "ls", ["nice"], ["-l"]],
    ["gosu app:app sh -c x", "sh", ["gosu"], ["-c", "x"]],
    ["sudo", "sudo", [], []],
    ["command -v foo", "foo", ["command"], []],
    ["xargs -0 apk add", "apk", ["xargs"], ["add"]],
  ])("%s", (code, name, wrappers, args) => {
    const [program] = programsOf(scriptIn(code));
    expect([program?.name, program?.wrappers, program?.args.map((word) => word.value)]).toEqual([
      name,
      wrappers,
      args,
    ]);
  });

  test("get the variables of the shell and of env", () => {
    const [program] = programsOf(scriptIn("A=1 sudo env B=2 C=$X foo"));
    expect([...(program?.environment ?? [])]).toEqual([
      ["A", "1"],
      ["B", "2"],
      ["C", undefined],
    ]);
  });
});

/** Name, version and source of each package. */
type Row = [string | undefined, string | undefined, string];

describe("package managers", () => {
  test.each<[string, string, string, Row[]]>([
    [
      "apt-get -qy -o A::B=c install --no-install-recommends curl=7 git/stable ./a.deb x=$V $P",
      "apt",
      "install",
      [
        ["curl", "7", "repository"],
        ["git", "stable", "repository"],
        ["./a.deb", undefined, "local"],
        ["x", undefined, "repository"],
        [undefined, undefined, "unknown"],
      ],
    ],
    ["apt update", "apt", "refresh", []],
    ["aptitude safe-upgrade", "apt", "upgrade", []],
    ["apt-get clean", "apt", "clean", []],
    [
      "apk --no-cache add -t .build gcc~=12 'g++>11' m@edge",
      "apk",
      "install",
      [
        ["gcc", "12", "repository"],
        ["g++", "11", "repository"],
        ["m@edge", undefined, "repository"],
      ],
    ],
    [
      "python3 -m pip install -U 'a[x]==1' b>=2 -r r.txt . git+https://h/x@v1#egg=x",
      "pip",
      "install",
      [
        ["a", "1", "repository"],
        ["b", undefined, "repository"],
        [".", undefined, "local"],
        ["git+https://h/x@v1#egg=x", "v1", "remote"],
      ],
    ],
    ["pip3.11 install 'b>=2'", "pip", "install", [["b", ">=2", "repository"]]],
    [
      "npm i -g @s/p@1.2 q u/r ./x",
      "npm",
      "install",
      [
        ["@s/p", "1.2", "repository"],
        ["q", undefined, "repository"],
        ["u/r", undefined, "remote"],
        ["./x", undefined, "local"],
      ],
    ],
    ["yarn global add a@1", "yarn", "install", [["a", "1", "repository"]]],
    ["pnpm add @s/p", "pnpm", "install", [["@s/p", undefined, "repository"]]],
    [
      "yum -y install httpd-2.4.6 java-latest x.rpm",
      "yum",
      "install",
      [
        ["httpd", "2.4.6", "repository"],
        ["java-latest", undefined, "repository"],
        ["x.rpm", undefined, "local"],
      ],
    ],
    ["microdnf clean all", "dnf", "clean", []],
    ["dnf module install -y nodejs:18", "dnf", "install", [["nodejs", "18", "repository"]]],
    [
      "zypper -n in 'a>=1' b",
      "zypper",
      "install",
      [
        ["a", "1", "repository"],
        ["b", undefined, "repository"],
      ],
    ],
    [
      "gem install -N rails:7 rake",
      "gem",
      "install",
      [
        ["rails", "7", "repository"],
        ["rake", undefined, "repository"],
      ],
    ],
    ["gem install rake -v 13", "gem", "install", [["rake", "13", "repository"]]],
    [
      "go install -ldflags '-s -w' e.com/x@latest ./cmd",
      "go",
      "install",
      [
        ["e.com/x", "latest", "repository"],
        ["./cmd", undefined, "local"],
      ],
    ],
    [
      "cargo install --locked --version 1 a b@2",
      "cargo",
      "install",
      [
        ["a", "1", "repository"],
        ["b", "2", "repository"],
      ],
    ],
  ])("%s", (code, manager, action, packages) => {
    const call = callIn(code);
    expect([call.manager, call.action]).toEqual([manager, action]);
    expect(call.packages.map(({ name, version, source }): Row => [name, version, source])).toEqual(packages);
  });

  test.each([
    "npm ci",
    "yarn",
    "yarn install --frozen-lockfile",
    "pnpm i",
    "pip install -r a.txt",
    "go mod download",
  ])("%s installs what a file lists", (code) => {
    expect(callIn(code)).toMatchObject({ action: "install", manifest: true, packages: [] });
  });

  test("a version in a variable is one", () => {
    expect(callIn("apt-get install x=$V").packages[0]).toMatchObject({
      name: "x",
      version: undefined,
      constrained: true,
    });
    expect(callIn("V=2; apt-get install x=$V").packages[0]).toMatchObject({
      version: "2",
      constrained: true,
    });
    expect(callIn("yum install x-$V").packages[0]).toMatchObject({ name: "x", constrained: true });
  });

  test("options in a cluster are told apart, and values belong to theirs", () => {
    const { options, operands } = callIn("apt-get -qqy -tstable install --option X=1 a");
    expect(options.map(({ name, value }) => [name, value])).toEqual([
      ["-q", undefined],
      ["-q", undefined],
      ["-y", undefined],
      ["-t", "stable"],
      ["--option", "X=1"],
    ]);
    expect(operands.map((word) => word.value)).toEqual(["install", "a"]);
  });

  test("python and yarn are no installers by themselves", () => {
    expect(packageCallsOf(scriptIn("python3 app.py -m pip; python -m http.server; pipx install x"))).toEqual(
      [],
    );
    expect(callIn("yarn --version").action).toBe("other");
    expect(callIn("yarn build").action).toBe("other");
  });
});

describe("caches", () => {
  test.each([
    ["apk add --no-cache x", [], {}, "option"],
    ["apk add x", [], {}, undefined],
    ["apk add x", ["/var/cache/apk"], {}, "mount"],
    ["pip install x", [], { PIP_NO_CACHE_DIR: "off" }, "environment"],
    ["PIP_NO_CACHE_DIR=1 pip install x", [], {}, "environment"],
    ["pip install x", ["/root/.cache/pip/"], {}, "mount"],
    ["pip install x", ["/home/app/.cache"], {}, "mount"],
    ["pip install x", ["/root/.cache/other"], {}, undefined],
    ["pip install --cache-dir=/c x", ["/c"], {}, "mount"],
    ["pip install x", ["/c"], { PIP_CACHE_DIR: "/c" }, "mount"],
    ["npm ci", ["/root/.npm"], {}, "mount"],
    ["apt-get install x", ["/var/lib/apt"], {}, "mount"],
    ["apt-get install x", ["/var/lib/other"], {}, undefined],
  ] as const)("%s with mounts %j and %j", (code, mounts, env, expected) => {
    const environment: Readonly<Record<string, string>> = env;
    const around = { mounts, environment: (name: string) => environment[name] };
    expect(cacheEscape(callIn(code), around)).toBe(expected);
  });
});

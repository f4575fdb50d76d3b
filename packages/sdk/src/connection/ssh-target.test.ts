import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.ts";
import { parseSshTarget, showSshTarget, sshArguments } from "./ssh-target.ts";

const options = ["-o", "ConnectTimeout=30", "-o", "LogLevel=VERBOSE", "-T"];
const dial = ["system", "dial-stdio"];

describe("an ssh address", () => {
  it.each<[string, string[]]>([
    ["ssh://engine", ["--", "engine", "docker", ...dial]],
    ["ssh://Engine_1/", ["--", "Engine_1", "docker", ...dial]],
    ["ssh://me@engine:2222", ["-l", "me", "-p", "2222", "--", "engine", "docker", ...dial]],
    ["ssh://a%40b@engine", ["-l", "a@b", "--", "engine", "docker", ...dial]],
    ["ssh://[::1]:22", ["-p", "22", "--", "::1", "docker", ...dial]],
    ["ssh://e/run/d.sock", ["--", "e", "docker", "--host", "unix:///run/d.sock", ...dial]],
    // The shell of the other side reads the words.
    ["ssh://e/a%20b", ["--", "e", "docker", "--host", "'unix:///a b'", ...dial]],
    ["ssh://e/$(x);'y'", ["--", "e", "docker", "--host", String.raw`'unix:///$(x);'\''y'\'''`, ...dial]],
  ])("%s becomes the docker CLI's call of ssh", (address, rest) => {
    expect(sshArguments(parseSshTarget(address, "DOCKER_HOST"))).toEqual([...options, ...rest]);
  });

  it.each(["ssh://engine", "ssh://me@engine:2222/run/docker.sock", "ssh://[::1]:22"])(
    "%s is shown so",
    (address) => {
      expect(showSshTarget(parseSshTarget(address, "DOCKER_HOST"))).toBe(address);
    },
  );

  it.each([
    "ssh://",
    "ssh:///run/docker.sock",
    "ssh://me@",
    "ssh://engine:port",
    "ssh://engine?x=1",
    "ssh://engine#x",
    "ssh://-oProxyCommand=x",
    "ssh://%2doProxyCommand=x",
    "ssh://-oProxyCommand=x@engine",
    "ssh://%2do@engine",
    "ssh://a%00b@engine",
    "ssh://a%zz@engine",
    "ssh://engine/%0aid",
    "ssh://me:hunter2@engine",
    "ssh://me:hun@hunter2@engine",
  ])("%s is refused, naming its source and no secret", (address) => {
    const thrown = (() => {
      try {
        return parseSshTarget(address, "DOCKER_HOST");
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ConfigError);
    expect(thrown).toMatchObject({ path: "DOCKER_HOST" });
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });
});

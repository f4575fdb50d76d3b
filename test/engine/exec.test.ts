import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, ContainerExitError, Docker, NotFoundError, type Container } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { proxyTo } from "test-support/engine-proxy";

const docker = new Docker({ host: engine.host });
const { image } = engine;
let box: Container;

beforeAll(async () => {
  const labels = { [label]: "exec" };
  box = await docker.containers.start({ image, command: ["sleep", "1000"], labels, hostname: "exec-box" });
});
afterAll(async () => {
  await box.remove({ force: true });
});

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Makes the same bytes again each time, without keeping them. */
async function* megabytes(count: number, block: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield block;
}

describe.concurrent("the result", () => {
  test("runs among the container's own files", async () => {
    const { stdout } = await box.exec([
      "sh",
      "-c",
      "hostname; readlink /proc/1/exe; ls -d /work /boot 2>&1 | grep -c 'No such'",
    ]);
    expect(stdout).toBe("exec-box\n/bin/sleep\n2\n");
  });

  test("keeps both outputs apart, and tells the exit code", async () => {
    const result = await box.exec(["sh", "-c", "echo out; echo err >&2; exit 3"], { check: false });
    expect(result).toEqual({ stdout: "out\n", stderr: "err\n", exitCode: 3, truncated: false });
  });

  test("a code other than 0 is thrown, with what was written", async () => {
    const error = await box.exec(["sh", "-c", "echo out; echo why >&2; exit 3"]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ContainerExitError);
    expect(error).toMatchObject({
      code: "CONTAINER_EXIT",
      operation: "ExecStart",
      exitCode: 3,
      stdout: "out\n",
      stderr: "why\n",
      container: box.id,
      message: expect.stringMatching(/exited with code 3: why$/) as string,
    });
  });

  test("exit codes are right 60 times of 60", async () => {
    const codes = Array.from({ length: 60 }, (_, i) => i);
    const results = await Promise.all(
      codes.map((code) => box.exec(["sh", "-c", `echo ${code}; exit ${code}`], { check: false })),
    );
    expect(results.map(({ exitCode }) => exitCode)).toEqual(codes);
    expect(results.map(({ stdout }) => stdout)).toEqual(codes.map((code) => `${code}\n`));
  });

  test.each([
    ["/no/such/program", "no such file"],
    ["/etc/passwd", "permission denied"],
  ])("%s cannot be started: 126 or 127, with the reason", async (program, reason) => {
    const error = await box.exec([program]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ContainerExitError);
    const { exitCode, message } = error as ContainerExitError;
    // 126 on 20.10.24 and 26.1.5; 127 for what does not exist on 28.5.2
    expect([126, 127]).toContain(exitCode);
    expect(message).toContain(reason);
    expect(message).toContain(program);
  });

  test("a process that a signal ends has 128 and the signal's number", async () => {
    await expect(box.exec(["sh", "-c", "kill -9 $$"], { check: false })).resolves.toMatchObject({
      exitCode: 137,
    });
  });

  test("maxBytes bounds each output, and nothing hangs", async () => {
    const command = [
      "sh",
      "-c",
      "head -c 3000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero | tr '\\0' y >&2",
    ];
    const { stdout, stderr, truncated } = await box.exec(command, { maxBytes: 1000 });
    expect(stdout).toBe("x".repeat(1000));
    expect(stderr).toBe("y".repeat(1000));
    expect(truncated).toBe(true);
    const exact = await box.exec(["printf", "12345"], { maxBytes: 5 });
    expect(exact).toMatchObject({ stdout: "12345", truncated: false });
  });

  test("takes environment, user and folder", async () => {
    const options = { env: { GREETING: "hello world" }, user: "1234:1234", workingDir: "/etc" };
    const { stdout } = await box.exec(["sh", "-c", 'echo "$GREETING"; id -u; pwd'], options);
    expect(stdout).toBe("hello world\n1234\n/etc\n");
    const listed = await box.exec(["sh", "-c", "echo $A"], { env: ["A=b=c"] });
    expect(listed.stdout).toBe("b=c\n");
  });

  test("needs a container that exists and runs", async () => {
    await expect(docker.containers.get("no-such-box").exec(["true"])).rejects.toBeInstanceOf(NotFoundError);
    const idle = await docker.containers.create({ Image: image, Labels: { [label]: "exec" } });
    try {
      const error = await idle.exec(["true"]).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ConflictError);
      expect(String(error)).toMatch(/is not running/);
    } finally {
      await idle.remove();
    }
  });
});

describe.concurrent("output", () => {
  test("events are chunks in the order received", async () => {
    // Each is written when the one before has arrived: the engine itself may swap what comes at once.
    await using process = await box.spawn(["sh", "-c", "echo 1; read a; echo 2 >&2; read a; echo 3"], {
      stdin: true,
    });
    const chunks: string[] = [];
    for await (const { stream, data } of process.output) {
      chunks.push(`${stream}:${Buffer.from(data).toString()}`);
      await process.write("\n");
    }
    expect(chunks).toEqual(["stdout:1\n", "stderr:2\n", "stdout:3\n"]);
  });

  test("an exec is read event by event and then awaited", async () => {
    const exec = box.exec(["sh", "-c", "echo 1; echo 2 >&2"]);
    const streams = new Set<string>();
    for await (const { stream } of exec) streams.add(stream);
    expect(streams).toEqual(new Set(["stdout", "stderr"]));
    expect(await exec).toMatchObject({ exitCode: 0, stdout: "1\n", stderr: "2\n" });
  });

  test("two writers of 1 MiB each are taken apart exactly", async () => {
    const size = 1024 ** 2;
    const write = (letter: string): string => `head -c ${size} /dev/zero | tr '\\0' ${letter}`;
    const { stdout, stderr } = await box.exec(["sh", "-c", `${write("a")} & ${write("b")} >&2; wait`]);
    expect(stdout === "a".repeat(size)).toBe(true);
    expect(stderr === "b".repeat(size)).toBe(true);
  });

  test("a character split over frames, with the other stream between them, stays whole", async () => {
    // UTF-8 of a face in two halves, and of a euro sign on the other stream.
    const script =
      "printf '\\360\\237'; sleep 0.05; printf '\\342\\202' >&2; sleep 0.05; printf '\\230\\200\\n'; sleep 0.05; printf '\\254\\n' >&2";
    const { stdout, stderr } = await box.exec(["sh", "-c", script]);
    expect({ stdout, stderr }).toEqual({ stdout: "😀\n", stderr: "€\n" });
    await using process = await box.spawn(["sh", "-c", script]);
    const lines: Record<string, string> = {};
    for await (const { stream, text } of process.output.lines()) lines[stream] = text;
    expect(lines).toEqual({ stdout: "😀", stderr: "€" });
  });

  test("a line of 40,000 bytes is one line", async () => {
    await using process = await box.spawn([
      "sh",
      "-c",
      "head -c 40000 /dev/zero | tr '\\0' l; echo; printf tail",
    ]);
    const lines: string[] = [];
    for await (const { text } of process.output.lines()) lines.push(text);
    expect(lines.map((line) => line.length)).toEqual([40_000, 4]);
  });

  test("stdout and stderr are read apart, and as a Node stream", async () => {
    await using process = await box.spawn(["sh", "-c", "echo out; echo err >&2"]);
    const [stdout, stderr] = await Promise.all([process.output.stdout.text(), process.output.stderr.text()]);
    expect({ stdout, stderr }).toEqual({ stdout: "out\n", stderr: "err\n" });
    await using other = await box.spawn(["sh", "-c", "echo all; sleep 0.05; echo all >&2"]);
    const parts: Buffer[] = [];
    for await (const part of other.output.toReadable()) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toBe("all\nall\n");
  });

  test("a reader that pauses pauses the process, and loses nothing", async () => {
    const size = 32 * 1024 ** 2;
    await using process = await box.spawn(["head", "-c", String(size), "/dev/zero"]);
    let received = 0;
    for await (const { data } of process.output) {
      if (received === 0) await sleep(200);
      received += data.length;
    }
    expect(received).toBe(size);
    expect(await process.exitCode()).toBe(0);
  });
});

describe.concurrent("input", () => {
  test("half-close: wc answers when stdin ends", async () => {
    const { stdout } = await box.exec(["wc", "-c"], { input: "12345" });
    expect(stdout.trim()).toBe("5");
    await using process = await box.spawn(["wc", "-c"], { stdin: true });
    await process.write("123");
    await process.write(new Uint8Array([52, 53, 54, 55]));
    process.end();
    expect((await process.output.text()).trim()).toBe("7");
    expect(await process.exitCode()).toBe(0);
  });

  test("an empty input is the end of stdin at once", async () => {
    await expect(box.exec(["wc", "-c"], { input: "" })).resolves.toMatchObject({ stdout: "0\n" });
  });

  test("without input stdin is closed", async () => {
    await expect(box.exec(["wc", "-c"])).resolves.toMatchObject({ stdout: "0\n" });
  });

  test("64 MiB through cat come back byte for byte", async () => {
    const block = randomBytes(1024 ** 2);
    const hashes = { in: createHash("sha256"), out: createHash("sha256") };
    const input = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of megabytes(64, block)) {
        hashes.in.update(piece);
        yield piece;
      }
    };
    let size = 0;
    const exec = box.exec(["cat"], { input: input(), maxBytes: 0 });
    for await (const { data } of exec) {
      hashes.out.update(data);
      size += data.length;
    }
    expect(size).toBe(64 * 1024 ** 2);
    expect(hashes.out.digest("hex")).toBe(hashes.in.digest("hex"));
    expect(await exec).toMatchObject({ exitCode: 0, truncated: true });
  });

  test("a Node stream and bytes are inputs", async () => {
    const data = randomBytes(100_000);
    const { stdout } = await box.exec(["sha256sum"], {
      input: Readable.from([data.subarray(0, 7), data.subarray(7)]),
    });
    expect(stdout.split(" ")[0]).toBe(sha256(data));
    await expect(box.exec(["sha256sum"], { input: data })).resolves.toMatchObject({
      stdout: expect.stringContaining(sha256(data)) as string,
    });
  });

  test("a process that does not read all of its input ends as it likes", async () => {
    const input = megabytes(64, randomBytes(1024 ** 2));
    await expect(box.exec(["head", "-c", "3"], { input, maxBytes: 1 })).resolves.toMatchObject({
      exitCode: 0,
    });
  });

  test("an input that fails fails the exec with its own error", async () => {
    const failure = new Error("the input broke");
    const input = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from("begun");
      throw failure;
    };
    await expect(box.exec(["cat"], { input: input() })).rejects.toBe(failure);
  });
});

describe.concurrent("with a TTY", () => {
  test("there is one stream, and line ends are CR LF", async () => {
    const { stdout, stderr } = await box.exec(["sh", "-c", "echo out; echo err >&2"], { tty: true });
    expect({ stdout, stderr }).toEqual({ stdout: "out\r\nerr\r\n", stderr: "" });
  });

  test.each([
    ["", ""],
    ["a line\n", "a line\r\na line\r\n"],
    ["a part", "a parta part"],
  ])("the end of the input %j is one, and the output goes on", async (input, shown) => {
    const command = ["sh", "-c", "cat; sleep 0.1; echo over; exit 5"];
    const { stdout, exitCode } = await box.exec(command, { tty: true, input, check: false });
    expect({ stdout, exitCode }).toEqual({ stdout: `${shown}over\r\n`, exitCode: 5 });
  });

  test("resize is seen inside", async () => {
    await using process = await box.spawn(["sh"], { tty: true, stdin: true });
    await process.resize({ rows: 31, columns: 117 });
    await process.write("stty size; exit 4\n");
    expect(await process.output.text()).toContain("31 117\r\n");
    expect(await process.exitCode()).toBe(4);
  });
});

describe.concurrent("leaving", () => {
  test("breaking out of the events closes the connection; the process runs on", async () => {
    await using proxy = await proxyTo(engine.host);
    await using through = new Docker({ host: proxy.host });
    const exec = through.containers.get(box).exec(["sh", "-c", "echo $$; exec sleep 777"]);
    let pid = "";
    for await (const { data } of exec) {
      pid = Buffer.from(data).toString().trim();
      expect(proxy.open(/exec\/\w+\/start/)).toBe(1);
      break;
    }
    await proxy.closed(/exec\/\w+\/start/);
    await expect(exec).rejects.toMatchObject({ name: "AbortError" });
    // No call of the engine ends an exec (seen on all of them).
    await box.exec(["kill", pid]);
  });

  test("an abort is thrown as it is", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const exec = box.exec(["sleep", "778"], { signal: controller.signal });
    const outcome = exec.catch((e: unknown) => e);
    await sleep(100);
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await expect(box.exec(["true"], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

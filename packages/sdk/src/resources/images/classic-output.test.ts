import { describe, expect, test } from "vitest";
import type { BuildInfo } from "../../generated/models.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { ClassicOutput } from "./classic-output.ts";

const id = `sha256:${"0123456789ab".padEnd(64, "0")}`;

function read(output: ClassicOutput, ...lines: readonly (string | BuildInfo)[]): BuildEvent[] {
  return lines.flatMap((line) => [...output.read(typeof line === "string" ? { stream: line } : line)]);
}

/** `started RUN x`, `stdout text`: enough to compare. */
function brief(events: readonly BuildEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case "step":
        return `${event.state} ${event.step.name}${event.image === undefined ? "" : ` = ${event.image}`}`;
      case "log":
        return `${event.stream} ${event.text}`;
      case "image":
        return `image ${event.id}`;
      case "progress":
        return `${event.id} ${event.state} ${event.current ?? ""}`;
      default:
        return `${event.type} ${event.message}`;
    }
  });
}

// Docker 20.10 says "Removing …", 23 and newer " ---> Removed …".
describe.each(["Removing intermediate container", " ---> Removed intermediate container"])(
  "%s",
  (removal) => {
    test("steps with their output, cached ones, the image", () => {
      const output = new ClassicOutput();
      const events = read(
        output,
        "Step 1/3 : FROM busybox",
        "\n",
        " ---> 565d792d0571\n",
        "Step 2/3 : RUN echo hi",
        "\n",
        " ---> Running in fa5e153fb9f8\n",
        "\u001B[91merr\n\u001B[0m",
        "hi\n",
        `${removal} fa5e153fb9f8\n`,
        " ---> f47aa9058a66\n",
        "Step 3/3 : COPY a /b",
        "\n",
        " ---> Using cache\n",
        " ---> 0123456789ab\n",
        { aux: { ID: id } },
      );
      expect(output.imageId).toBeUndefined();
      events.push(...read(output, "Successfully built 0123456789ab\n", "Successfully tagged x:1\n"));
      expect(brief(events)).toEqual([
        "started FROM busybox",
        "completed FROM busybox = 565d792d0571",
        "started RUN echo hi",
        "stderr err\n",
        "stdout hi\n",
        "completed RUN echo hi = f47aa9058a66",
        "started COPY a /b",
        "cached COPY a /b = 0123456789ab",
        `image ${id}`,
        "status Successfully built 0123456789ab",
        "status Successfully tagged x:1",
      ]);
      expect(output.imageId).toBe(id);
      expect(events[0]).toMatchObject({ step: { id: "1", number: 1, total: 3 } });
    });

    test("what a RUN prints is never taken for the builder's words", () => {
      const output = new ClassicOutput();
      const imitation = [
        "Step 9/9 : RUN fake",
        " ---> Using cache\n",
        " ---> 123456789012\n",
        "Successfully built 123456789012\n",
        `${removal} 123456789012\n`,
        "[Warning] x\n",
      ];
      read(output, "Step 1/1 : RUN x", " ---> Running in aaaaaaaaaaaa\n");
      const events = read(output, ...imitation);
      expect(brief(events)).toEqual(imitation.map((text) => `stdout ${text}`));
      expect(output.imageId).toBeUndefined();
      expect(brief(read(output, `${removal} aaaaaaaaaaaa\n`, " ---> bbbbbbbbbbbb\n"))).toEqual([
        "completed RUN x = bbbbbbbbbbbb",
      ]);
    });
  },
);

test("a step without an image ends with the next", () => {
  expect(
    brief(read(new ClassicOutput(), "Step 1/2 : ARG X=1", "\n", "Step 2/2 : FROM busybox", "\n")),
  ).toEqual(["started ARG X=1", "completed ARG X=1", "started FROM busybox"]);
});

test("a step's name may have several lines", () => {
  const [event] = read(new ClassicOutput(), "Step 1/2 : RUN <<EOF\necho a\nEOF");
  expect(event).toMatchObject({ step: { name: "RUN <<EOF\necho a\nEOF" } });
});

test("warnings and the progress of pulls", () => {
  const events = read(
    new ClassicOutput(),
    "[Warning] One or more build-args [ZZ] were not consumed\n",
    " ---> [Warning] platform\n",
    { status: "Pulling from library/x", id: "1" },
    { status: "Downloading", id: "abc", progressDetail: { current: 5, total: 9 } },
    "# Executing 1 build trigger\n",
  );
  expect(brief(events)).toEqual([
    "warning One or more build-args [ZZ] were not consumed",
    "warning platform",
    "status 1: Pulling from library/x",
    "abc Downloading 5",
    "status # Executing 1 build trigger",
  ]);
});

test("a squashed build ends with another image than its last stage", () => {
  const output = new ClassicOutput();
  read(output, { aux: { ID: id } }, "Successfully built ffffffffffff\n");
  expect(output.imageId).toBe("ffffffffffff");
});

test("the error has the step, its exit code, and the end of its output only", () => {
  const output = new ClassicOutput();
  read(output, "Step 1/2 : RUN a", " ---> Running in aaaaaaaaaaaa\n", "first step\n");
  read(output, "Removing intermediate container aaaaaaaaaaaa\n", " ---> bbbbbbbbbbbb\n");
  read(
    output,
    "Step 2/2 : RUN b",
    " ---> Running in cccccccccccc\n",
    "x".repeat(100_000),
    "\u001B[91mlast\n\u001B[0m",
  );
  expect(brief([...output.fail()])).toEqual(["failed RUN b"]);
  const error = output.toError({ message: "m", code: 7 }, "ImageBuild");
  expect(error).toMatchObject({
    message: "m",
    step: "RUN b",
    exitCode: 7,
    operation: "ImageBuild",
    line: undefined,
  });
  expect(error.log).toHaveLength(64 * 1024);
  expect(error.log.endsWith("xlast\n")).toBe(true);
});

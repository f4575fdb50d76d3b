/** What an engine says of base images holds in the model as if the file said so. */
import { expect, it } from "vitest";
import { exampleEngine } from "../../linter/example-engine.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import { analyse } from "../analyse.ts";
import { hasTrigger, triggerVariables } from "./image-facts.ts";
import type { Model } from "../model.ts";

function modelOf(text: string, image: object, builder: "buildkit" | "classic" = "buildkit"): Model {
  const engine = exampleEngine({ engine: { images: { base: image } } }, text);
  return analyse(parseDockerfile(text), engine && { images: engine.images, builder });
}

/** The value of the last word of the last instruction, which is a WORKDIR. */
function workdir(model: Model): string | undefined {
  return model.stages.at(-1)?.end.workdir?.value;
}

it("has the variables of the image, also in stages above; the classic builder lets them win over ARG", () => {
  const image = { env: { HOME_DIR: "/srv" } };
  const withArg = "FROM base\nARG HOME_DIR=/x\nWORKDIR $HOME_DIR/a\n";
  expect(workdir(modelOf(withArg, image))).toBe("/x/a");
  expect(workdir(modelOf(withArg, image, "classic"))).toBe("/srv/a");
  expect(workdir(modelOf("FROM base AS one\nFROM one\nWORKDIR $HOME_DIR/a\n", image))).toBe("/srv/a");
  expect(workdir(modelOf("FROM base\nENV HOME_DIR=/own\nWORKDIR $HOME_DIR/a\n", image))).toBe("/own/a");
  expect(workdir(modelOf("FROM other\nWORKDIR $HOME_DIR/a\n", image))).toBeUndefined();
});

it("puts nothing in the place of what the image does not define, as the builder does", () => {
  expect(workdir(modelOf("FROM base\nWORKDIR /a/$MISSING\n", {}))).toBe("/a/");
  // A trigger may define it.
  expect(
    workdir(modelOf("FROM base\nWORKDIR /a/$MISSING\n", { onbuild: ["ENV MISSING=b"] })),
  ).toBeUndefined();
});

it("goes on from the image's folder", () => {
  expect(workdir(modelOf("FROM base\nWORKDIR a\n", { workdir: "/srv" }))).toBe("/srv/a");
  expect(workdir(modelOf("FROM base\nWORKDIR a\n", {}))).toBe("/a");
});

it("speaks the image's shell until a SHELL says otherwise", () => {
  const image = { shell: ["/bin/bash", "-o", "pipefail", "-c"] };
  const own = modelOf("FROM base\n", image).stages[0]?.end.shell;
  expect(own).toMatchObject({ dialect: "bash", pipefail: true, instruction: undefined, ofImage: true });
  const chosen = modelOf('FROM base\nSHELL ["/bin/sh", "-c"]\n', image).stages[0]?.end.shell;
  expect(chosen).toMatchObject({ dialect: "posix", pipefail: false });
  expect(chosen?.ofImage).toBeUndefined();
});

it("knows an image of Windows by its platform", () => {
  const model = modelOf("FROM base\n", { platform: "windows/amd64" });
  expect(model.stages[0]).toMatchObject({ image: { family: "windows" }, end: { shell: { dialect: "cmd" } } });
});

it("reads triggers", () => {
  const onbuild = ["ENV A=1 B=2", "ARG C", "user app", "RUN echo $D"];
  expect(triggerVariables({ onbuild })).toEqual(["A", "B", "C"]);
  expect([hasTrigger({ onbuild }, "USER"), hasTrigger({ onbuild }, "SHELL")]).toEqual([true, false]);
});

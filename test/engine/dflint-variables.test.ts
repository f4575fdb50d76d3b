/** What dflint takes variables for, against what the engine's builders put in their place. */
import { afterAll, expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { analyse } from "../../packages/lint/src/semantics/analyse.ts";
import { parseDockerfile } from "../../packages/lint/src/syntax/parser.ts";

const docker = new Docker({ host: engine.host, credentials: {} });
afterAll(() => docker[Symbol.asyncDispose]());

/** Instructions in which ENV and ARG meet; each LABEL tells what a variable is worth above it. */
const TEXT = `ARG G=global
ARG N
FROM ${engine.image} AS one
ENV A=env
ARG A=arg
LABEL l1=<$A>
ENV A=env2
LABEL l2=<$A>
ARG A
LABEL l3=<$A>
ENV G=env
ARG G
LABEL l4=<$G>
ENV B=env
ARG B
LABEL l5=<$B>
ARG C=arg
ENV C=env D=$C-env
LABEL l6=<$C-$D>
ENV E=env
ARG E=$E-arg
ENV E=$E-env
LABEL l7=<$E>
ENV N=env
ARG N
LABEL l8=<$N>
ENV Z=env
ARG Z=
LABEL l9=<$Z>
ARG F=arg
ARG F
LABEL l10=<$F>
ENV H=env
ARG H=arg
ARG PATH=/bin:/sbin
LABEL l11=<$H>
FROM one
LABEL l12=<$A-$B-$C-$D-$E-$G-$H-$N-$Z>
ARG F
ARG H
LABEL l13=<$F-$H>
ENV F=env
ARG C=other
LABEL l14=<$F-$C>
LABEL ${label}=variables
`;

test.each(["buildkit", "classic"] as const)("ENV and ARG of one name, with %s", async (builder) => {
  const buildArgs = { B: "given" };
  const text = TEXT.replaceAll("<", '"').replaceAll(">", '"');
  const image = await docker.images.build({ context: "none", dockerfile: { text }, buildArgs, builder });
  try {
    const { Config } = await image.inspect();
    const model = analyse(parseDockerfile(text), { buildArgs, builder });
    const foretold = model.stages
      .flatMap(({ instructions }) => instructions)
      .flatMap((instruction) => (instruction.keyword === "LABEL" ? [instruction] : []))
      .flatMap((one) =>
        one.pairs.map(({ key, value }) => [key.text, model.expand(value, one).whenUnset] as const),
      );
    expect(Object.fromEntries(foretold)).toEqual(Config?.Labels);
    const end = model.target?.end;
    const pairs = (Config?.Env ?? []).map((pair) => pair.split("=", 1)[0] ?? "");
    const environment = pairs.filter((name) => name !== "PATH");
    expect(environment.map((name) => `${name}=${end?.environment(name)?.value}`)).toEqual(
      Config?.Env?.filter((pair) => !pair.startsWith("PATH=")),
    );
  } finally {
    await image.remove({ force: true });
  }
});

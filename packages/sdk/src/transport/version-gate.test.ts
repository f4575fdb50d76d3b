import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../errors.ts";
import { operations, type FieldRow, type OperationRow } from "../generated/operations.ts";
import { compareApiVersions } from "./api-version.ts";
import { givenFields } from "./body-field.ts";
import { checkVersion } from "./version-gate.ts";

const rows = Object.entries<OperationRow>(operations);
const versions = Array.from({ length: 16 }, (_, i) => `1.${41 + i}`);

/** Every field of every body that not all versions know. */
const gated = rows.flatMap(([operation, row]) =>
  Object.entries(row.fields ?? {}).map(([place, field]) => ({ operation, row, place, field })),
);

/** A body with a value at one place of the table. */
function bodyWith(place: string, value: unknown): unknown {
  const steps = [...place.matchAll(/[^.[{]+|\[\]|\{\}/g)].map(([step]) => step);
  return steps.reduceRight<unknown>((inner, step) => {
    if (step === "[]") return [{ Other: 1 }, inner];
    return step === "{}" ? { other: {}, "a.name": inner } : { [step]: inner };
  }, value);
}

function fault(operation: string, row: OperationRow, body: unknown, version: string): unknown {
  try {
    checkVersion(operation, row, {}, body, version);
    return undefined;
  } catch (error) {
    return error;
  }
}

const knows = ({ since = "1.0", until = "1.999" }: FieldRow, version: string): boolean =>
  compareApiVersions(version, since) >= 0 && compareApiVersions(version, until) < 0;

describe("the gates of body fields", () => {
  it("are those of the API's history", () => {
    const fields = gated.map(
      ({ operation, place, field }) => `${operation} ${place} ${field.since ?? field.until}`,
    );
    expect(fields).toEqual(
      expect.arrayContaining([
        "ContainerCreate Healthcheck.StartInterval 1.44",
        "ContainerCreate HostConfig.Annotations 1.43",
        "ContainerCreate HostConfig.Mounts[].BindOptions.ReadOnlyNonRecursive 1.44",
        "ContainerCreate HostConfig.Mounts[].VolumeOptions.Subpath 1.45",
        "ContainerCreate NetworkingConfig.EndpointsConfig{}.GwPriority 1.48",
        "ContainerCreate MacAddress 1.52",
        "ContainerExec ConsoleSize 1.42",
        "ImageCommit Healthcheck.StartInterval 1.44",
        "NetworkConnect EndpointConfig.GwPriority 1.48",
        "NetworkCreate EnableIPv4 1.48",
        "ServiceCreate TaskTemplate.ContainerSpec.OomScoreAdj 1.46",
        "ServiceUpdate TaskTemplate.ContainerSpec.Privileges.Seccomp 1.44",
        "VolumeCreate ClusterVolumeSpec 1.42",
      ]),
    );
  });

  it.each(gated)("$operation $place", ({ operation, row, place, field }) => {
    const zeros = field.until === undefined ? [false, 0] : [];
    for (const value of [...zeros, true, 1, "text", {}, [], { Inner: 1 }]) {
      for (const version of versions) {
        const error = fault(operation, row, bodyWith(place, value), version);
        if (compareApiVersions(version, row.since) < 0 || !knows(field, version)) {
          expect(error).toBeInstanceOf(UnsupportedError);
          expect(error).toMatchObject({ operation, has: `API ${version}` });
        } else {
          expect(error).toBeUndefined();
        }
      }
    }
    for (const left of [undefined, null, ""]) {
      expect(
        fault(operation, row, bodyWith(place, left), row.since > "1.41" ? row.since : "1.41"),
      ).toBeUndefined();
    }
  });

  it("name the field where it stands, and both versions", () => {
    const body = {
      HostConfig: { Mounts: [{ Type: "bind" }, { Type: "volume", VolumeOptions: { Subpath: "logs" } }] },
    };
    expect(fault("ContainerCreate", operations.ContainerCreate, body, "1.41")).toMatchObject({
      message:
        'ContainerCreate field "HostConfig.Mounts[1].VolumeOptions.Subpath" needs API 1.45 or newer; ' +
        "API 1.41 is spoken with this engine.",
      needs: "API 1.45 or newer",
      has: "API 1.41",
    });
    const endpoint = { NetworkingConfig: { EndpointsConfig: { front: {}, back: { GwPriority: 1 } } } };
    expect(fault("ContainerCreate", operations.ContainerCreate, endpoint, "1.47")).toMatchObject({
      message: expect.stringContaining('"NetworkingConfig.EndpointsConfig.back.GwPriority"'),
    });
  });

  it("let a field pass that went, and is answered as zero", () => {
    const body = (KernelMemory: number): object => ({ HostConfig: { KernelMemory } });
    expect(fault("ContainerCreate", operations.ContainerCreate, body(0), "1.51")).toBeUndefined();
    expect(fault("ContainerCreate", operations.ContainerCreate, body(1e8), "1.51")).toBeInstanceOf(
      UnsupportedError,
    );
  });

  it("look at bodies of any shape", () => {
    for (const body of [
      undefined,
      null,
      1,
      "text",
      [],
      [[]],
      { HostConfig: null },
      { HostConfig: { Mounts: {} } },
    ]) {
      expect(givenFields(body, "HostConfig.Mounts[].BindOptions.CreateMountpoint")).toEqual([]);
    }
    expect(givenFields({}, "constructor")).toEqual([]);
  });
});

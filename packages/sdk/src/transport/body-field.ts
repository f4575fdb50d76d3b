/**
 * The fields of a body at a place of the operation table, such as `HostConfig.Mounts[].BindOptions`, that are given:
 * by their full names, as `HostConfig.Mounts[1].BindOptions`. `null` and `""` are how Go's programs leave a field out.
 */
export function givenFields(body: unknown, place: string): readonly GivenField[] {
  let reached: readonly GivenField[] = [{ name: "", value: body }];
  for (const [, field, step] of place.matchAll(/([^.[{]+)|(\[\]|\{\})/g)) {
    reached = reached.flatMap(({ name, value }) => {
      if (step === "[]") {
        return list(value).map((item, index) => ({ name: `${name}[${index}]`, value: item }));
      }
      const prefix = name === "" ? "" : `${name}.`;
      return Object.entries(map(value))
        .filter(([key]) => step === "{}" || key === field)
        .map(([key, inner]) => ({ name: `${prefix}${key}`, value: inner }));
    });
  }
  return reached.filter(({ value }) => value !== undefined && value !== null && value !== "");
}

interface GivenField {
  readonly name: string;
  readonly value: unknown;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function map(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

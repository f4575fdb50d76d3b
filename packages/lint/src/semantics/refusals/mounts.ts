import type { Mount, RunInstruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";
import type { Refusal } from "./refusal.ts";

const TYPES: readonly string[] = ["bind", "cache", "tmpfs", "secret", "ssh"];
const TARGETS: readonly string[] = ["target", "dst", "destination"];
const SECRET_NAMES: readonly string[] = ["id", "source", "src", ...TARGETS];
/** Parts that are `.` or `..`: from the root they lead to the root. */
const LEADS_NOWHERE = /^(?:\.{0,2}(?:\/|$))*$/;
const NAMELESS_SECRET = {
  message: "invalid secret mount. one of source, target required",
  advice: "Add id=NAME.",
} as const;

/** What is wrong with the mounts of a RUN. */
export function checkMounts(run: RunInstruction, model: Model, refusals: Refusal[]): void {
  for (const mount of run.mounts) {
    const type = mount.options.findLast((option) => option.key === "type")?.value;
    const known = type ? model.expand(type, run).value?.toLowerCase() : mount.type;
    if (known === undefined) continue;
    const wrong =
      mountError(mount, known) ??
      secretError(mount, known, run, model) ??
      targetError(mount, known, run, model);
    if (wrong) refusals.push({ code: "invalid-mount", ...wrong, span: mount.flag.span, instruction: run });
  }
}

function mountError(mount: Mount, type: string): Pick<Refusal, "message" | "advice"> | undefined {
  const has = (names: readonly string[]): boolean =>
    mount.options.some((option) => names.includes(option.key));
  if (!TYPES.includes(type)) {
    return {
      message: `unsupported mount type ${JSON.stringify(type)}`,
      advice: `Use one of ${TYPES.join(", ")}.`,
    };
  }
  if ((type === "cache" || type === "tmpfs") && !has(TARGETS)) {
    return { message: "invalid mount target: a target is required", advice: "Add target=/path." };
  }
  return undefined;
}

/** A secret needs a name that is not empty, which its target may be. */
function secretError(
  { options }: Mount,
  type: string,
  run: RunInstruction,
  model: Model,
): typeof NAMELESS_SECRET | undefined {
  if (type !== "secret") return undefined;
  const names = options.filter(({ key }) => SECRET_NAMES.includes(key));
  const isNamed = names.some(({ value }) => value === undefined || model.expand(value, run).value !== "");
  return isNamed ? undefined : NAMELESS_SECRET;
}

/** Nothing can be mounted over the whole filesystem. */
function targetError(
  { options }: Mount,
  type: string,
  run: RunInstruction,
  model: Model,
): Pick<Refusal, "message" | "advice"> | undefined {
  if (!["bind", "cache", "tmpfs"].includes(type)) return undefined;
  const word = options.findLast(({ key }) => TARGETS.includes(key))?.value;
  const path = word === undefined ? "" : model.expand(word, run).value;
  if (path === undefined) return undefined;
  const isRoot = path.startsWith("/") ? path === "/" : LEADS_NOWHERE.test(path) && isAtRoot(run, model);
  if (!isRoot) return undefined;
  return { message: 'invalid mount target "/"', advice: "Name a folder below it: target=/path." };
}

/** Whether the working directory is the root for certain. */
function isAtRoot(run: RunInstruction, model: Model): boolean {
  const { workdir } = model.state(run);
  if (workdir !== undefined) return workdir.value === "/";
  const image = model.stageOf(run)?.image;
  return image?.scratch === true || image?.facts?.workdir === "";
}

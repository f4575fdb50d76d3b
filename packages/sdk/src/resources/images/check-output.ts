import { text, wrongKind, type Check } from "../../values/argument.ts";
import { oneOfNames } from "../../values/named-values.ts";

const outputForm = '"image", "none", { local: "./out" } or { tar: "out.tar" }';
const isWritable: Check = (value, of) => {
  const isStream =
    typeof value === "object" && value !== null && "write" in value && typeof value.write === "function";
  if (typeof value !== "string" && !isStream) throw wrongKind("tar", "a path or a stream", value, of);
};

/** Where files go that are not for the engine. */
export const outputPlace = (argument: string, form: string): Check =>
  oneOfNames(argument, form, { local: text("local", '"./out"'), tar: isWritable });
const place = outputPlace("output", outputForm);

/** Takes what is the `output` of a build. */
export const buildOutput: Check = (value, of) => {
  if (value === "image" || value === "none") return;
  if (typeof value === "string") throw new TypeError(`Argument "output" of ${of} must be ${outputForm}.`);
  place(value, of);
};

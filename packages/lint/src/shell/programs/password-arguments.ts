/** Passwords on command lines, where the program says that it is one. */
import { programsOf, type ProgramCall } from "../commands.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import { callOf, mayCall } from "../may-call.ts";
import type { Script, ShellWord } from "../nodes.ts";

/** A password in a word, with the number of characters before it. */
export interface PasswordArgument {
  readonly word: ShellWord;
  readonly skipped: number;
}

/** How a program takes one: after the option, glued to it, or after the colon of `user:password`. */
interface PasswordOption {
  readonly options: readonly string[];
  readonly form: "next" | "glued" | "pair";
  /** The subcommand that has the option; any if none is given. */
  readonly subcommand?: string;
}

const LOGIN: PasswordOption = { options: ["-p", "--password"], form: "next", subcommand: "login" };
const MYSQL: PasswordOption = { options: ["-p"], form: "glued" };
const OPTIONS: ReadonlyMap<string, PasswordOption> = new Map<string, PasswordOption>([
  ["curl", { options: ["-u", "--user", "--proxy-user"], form: "pair" }],
  ["sshpass", { options: ["-p"], form: "next" }],
  ...["docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane", "az"].map(
    (name): [string, PasswordOption] => [name, LOGIN],
  ),
  ...["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mariadb-admin"].map(
    (name): [string, PasswordOption] => [name, MYSQL],
  ),
]);

const ANY_PROGRAM = callOf(OPTIONS.keys());

/** Programs that take a password in one way, and how the options for it begin. */
const WAYS: readonly { readonly programs: RegExp; readonly options: RegExp }[] = [
  ...new Set(OPTIONS.values()),
].map((way) => {
  const names = [...OPTIONS].flatMap(([name, other]) => (other === way ? [name] : []));
  return {
    programs: callOf(names),
    options: new RegExp(`(?<![\\w-])(?:${way.options.join("|")})`),
  };
});

/** Whether a command of an instruction may be given a password, by what is written. Quick. */
export function mayGivePasswords(instruction: Instruction): boolean {
  if (!mayCall(instruction, ANY_PROGRAM)) return false;
  return WAYS.some(
    ({ programs, options }) => mayCall(instruction, programs) && mayCall(instruction, options),
  );
}

/** The literal passwords that the commands of a script are given; what holds a variable is left out. */
export function passwordArguments(script: Script): PasswordArgument[] {
  const found: PasswordArgument[] = [];
  for (const call of programsOf(script)) {
    const known = call.name === undefined ? undefined : OPTIONS.get(call.name);
    if (known === undefined) continue;
    for (const password of argumentsOf(call, known)) found.push(password);
  }
  return found;
}

function argumentsOf(
  { args }: ProgramCall,
  { options, form, subcommand }: PasswordOption,
): PasswordArgument[] {
  if (subcommand !== undefined && !args.some(({ value }) => value === subcommand)) return [];
  return args.flatMap((word, at): PasswordArgument[] => {
    const option = options.find((one) =>
      form === "glued"
        ? word.prefix.startsWith(one)
        : word.value === one || word.prefix.startsWith(`${one}=`),
    );
    if (option === undefined) return [];
    const own = form === "glued" ? option.length : word.prefix.indexOf("=") + 1;
    const found = own > 0 ? word : args[at + 1];
    const text = found?.variables.length === 0 ? found.value : undefined;
    if (found === undefined || text === undefined) return [];
    const colon = form === "pair" ? text.indexOf(":", own) + 1 : own;
    return colon < text.length && (form !== "pair" || colon > 0) ? [{ word: found, skipped: colon }] : [];
  });
}

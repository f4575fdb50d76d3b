/** Completions for bash, and for zsh, which runs bash's by `bashcompinit`. */
import { COMMAND_NAMES, COMMANDS } from "../options.ts";
import { operandWords, optionWords, valueWords } from "./words.ts";

/** The script for `source <(dflint completion bash)`. */
export function bashScript(rules: readonly string[]): string {
  return `${completionFunction(rules)}complete -o default -o bashdefault -F _dflint dflint\n`;
}

/** The script for `source <(dflint completion zsh)`, after `compinit`. */
export function zshScript(rules: readonly string[]): string {
  const load = "autoload -U +X bashcompinit && bashcompinit\n";
  return `${load}${completionFunction(rules)}complete -o default -F _dflint dflint\n`;
}

function completionFunction(rules: readonly string[]): string {
  return `_dflint() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="" head="" command=check words="" word
  [ "$COMP_CWORD" -gt 1 ] && previous="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$COMP_CWORD:\${COMP_WORDS[1]}" in
    1:*) ;;
    ${COMMAND_NAMES.map((name) => `*:${name}`).join("|")}) command="\${COMP_WORDS[1]}" ;;
  esac
  # bash takes "--preset=strict" for three words, zsh for one.
  if [ "$current" = "=" ]; then
    current=""
  elif [ "$previous" = "=" ]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  case "$current" in
    --*=*) previous="\${current%%=*}"; head="$previous="; current="\${current#*=}" ;;
  esac
  case "$command:$previous" in
${valueCases(rules).join("\n")}
    *)
      case "$command:$current" in
${COMMAND_NAMES.map((name) => `        ${name}:-*) words="${optionWords(name).join(" ")}" ;;`).join("\n")}
        *)
          case "$COMP_CWORD:$command" in
            1:*) words="${COMMAND_NAMES.join(" ")}" ;;
${operandCases(rules).join("\n")}
          esac ;;
      esac ;;
  esac
  # Of a list parted by commas the last item is completed.
  case "$current" in
    *,*) head="$head\${current%,*},"; current="\${current##*,}" ;;
  esac
  COMPREPLY=()
  for word in $(compgen -W "$words" -- "$current"); do COMPREPLY+=("$head$word"); done
}
`;
}

/** What completes the values of options; those that take files or anything complete files. */
function valueCases(rules: readonly string[]): string[] {
  return COMMAND_NAMES.flatMap((name) =>
    Object.entries(COMMANDS[name].options)
      .filter(([, { value }]) => value !== undefined)
      .map(([option, spec]) => {
        const patterns = [
          `${name}:--${option}`,
          ...(spec.short === undefined ? [] : [`${name}:-${spec.short}`]),
        ];
        return `    ${patterns.join("|")}) words="${valueWords(spec, rules).join(" ")}" ;;`;
      }),
  );
}

function operandCases(rules: readonly string[]): string[] {
  return COMMAND_NAMES.flatMap((name) => {
    const words = operandWords(name, rules);
    return words.length === 0 ? [] : [`            2:${name}) words="${words.join(" ")}" ;;`];
  });
}

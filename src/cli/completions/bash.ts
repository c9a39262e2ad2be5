/**
 * The completion script for bash 4.4 and later.
 *
 * @module
 */
import { type CommandInfo, type Grammar, optionNames, type Values } from "../grammar.ts";
import { READ_HEADER } from "./read_header.ts";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The shell command that offers these values. */
function offer(values: Values): string {
  switch (values.kind) {
    case "words":
      return `_ktop_${values.list ? "list" : "words"} ${quoted(values.words.join(" "))}`;
    case "files":
      return "_ktop_paths -f";
    case "directories":
      return "_ktop_paths -d";
    case "recorded":
      return `_ktop_recorded ${quoted(values.tools.join(" "))}`;
    case "free":
      return ":";
  }
}

/** The lines of a `case`; patterns with the same action share a line. */
function cases(entries: readonly (readonly [pattern: string, does: string])[]): string {
  const byAction = new Map<string, string[]>();
  for (const [pattern, does] of entries) {
    byAction.set(does, [...byAction.get(does) ?? [], quoted(pattern)]);
  }
  return [...byAction].map(([does, patterns]) => `    ${patterns.join(" | ")}) ${does} ;;\n`).join("");
}

const valued = ({ options }: CommandInfo) => options.filter(({ argument }) => argument !== undefined);

/** The script. */
export function bashScript({ program, commands }: Grammar): string {
  const all = [{ ...program, name: "" }, ...commands];
  const options = cases(all.map((command) => [
    command.name,
    `_ktop_words ${quoted(command.options.flatMap(optionNames).join(" "))}`,
  ]));
  const values = cases(
    all.flatMap((command) =>
      valued(command).flatMap((option) =>
        optionNames(option).map((name) => [`${command.name} ${name}`, offer(option.values)] as const)
      )
    ),
  );
  const positionals = cases(
    all.flatMap((command) =>
      command.arguments.flatMap(({ values }, i) =>
        values.kind === "free" ? [] : [[`${command.name} ${i}`, offer(values)] as const]
      )
    ),
  );
  return `# bash completion for ktop, made by: ktop completions bash
# Put it into /etc/bash_completion.d/ktop or ~/.local/share/bash-completion/completions/ktop

_ktop_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$_ktop_current")
}

_ktop_list() {
  local before=
  [[ $_ktop_current != *,* ]] || before=\${_ktop_current%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "\${_ktop_current##*,}")
  compopt -o nospace 2> /dev/null || :
}

_ktop_paths() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$_ktop_current")
  compopt -o filenames 2> /dev/null || :
}

# _ktop_recorded TOOLS: offers the tools of the recording before this word; all of them if it cannot be read.
_ktop_recorded() {
  local file=\${_ktop_before//[\\\\\\'\\"]/} tools
  [[ $file != "~/"* ]] || file=$HOME/\${file#"~/"}
  [[ -f $file && -r $file ]] && tools=$(${READ_HEADER}) || tools=$1
  _ktop_words "$tools"
}

# _ktop_options COMMAND: offers its options.
_ktop_options() {
  case $1 in
${options}  esac
}

# _ktop_value "COMMAND OPTION": offers the option's values; false for a switch.
_ktop_value() {
  case $1 in
${values}    *) return 1 ;;
  esac
}

# _ktop_positional "COMMAND INDEX": offers the values of that argument.
_ktop_positional() {
  case $1 in
${positionals}  esac
}

# _ktop_command WORD: completes a command that starts at this word, with its own completion if bash-completion is there.
_ktop_command() {
  if declare -F _command_offset > /dev/null; then
    _command_offset "$1"
  elif ((COMP_CWORD == $1)) && [[ $_ktop_current != */* ]]; then
    mapfile -t COMPREPLY < <(compgen -c -- "$_ktop_current")
  else
    _ktop_paths -f
  fi
}

_ktop() {
  local _ktop_current=\${COMP_WORDS[COMP_CWORD]} _ktop_before= word option= command= place=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # Readline splits --option=value at the equals sign.
    [[ $word != = ]] || continue
    if [[ $word == -- ]]; then
      _ktop_command $((i + 1))
      return
    fi
    if [[ -n $option ]]; then
      option=
    elif [[ $word == -?* ]]; then
      COMPREPLY=()
      if _ktop_value "$command $word"; then option=$word; fi
    elif [[ -z $command ]]; then
      command=$word
    else
      place=$((place + 1)) _ktop_before=$word
    fi
  done
  COMPREPLY=()
  [[ $_ktop_current != = ]] || _ktop_current=
  if [[ -n $option ]]; then
    _ktop_value "$command $option"
  elif [[ $_ktop_current == -* ]]; then
    _ktop_options "$command"
  else
    _ktop_positional "$command $place"
  fi
}

complete -F _ktop ktop
`;
}

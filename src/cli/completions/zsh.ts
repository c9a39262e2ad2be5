/**
 * The completion script for zsh, through its _arguments.
 *
 * @module
 */
import { type ArgumentInfo, type Grammar, type OptionInfo, optionNames, type Values } from "../grammar.ts";
import { READ_HEADER } from "./read_header.ts";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Text inside a specification of _arguments, where colons and brackets are syntax. */
const plain = (text: string): string => text.replace(/[\\:[\]]/g, "\\$&");

function action(values: Values): string {
  switch (values.kind) {
    case "words":
      return values.list ? ` _ktop_list ${values.words.join(" ")}` : `(${values.words.join(" ")})`;
    case "files":
      return "_files";
    case "directories":
      return "_files -/";
    case "recorded":
      return ` _ktop_recorded ${values.tools.join(" ")}`;
    case "free":
      return " ";
  }
}

function optionSpec(option: OptionInfo): string {
  const { short, long, argument } = option;
  const names = optionNames(option);
  const text = `[${plain(option.description)}]`;
  if (argument === undefined) {
    return names.map((name) => quoted(`(${names.join(" ")})${name}${text}`)).join(" ");
  }
  const value = `:${plain(argument)}:${action(option.values)}`;
  const spellings = short === undefined ? [`${long}=`] : [`${short}+`, `${long}=`];
  return spellings.map((name) => quoted(`(${names.join(" ")})${name}${text}${value}`)).join(" ");
}

/** Empty for a free argument: with a specification, zsh would not insert the only matching option. */
function argumentSpec({ name, required, values }: ArgumentInfo, i: number): string[] {
  if (values.kind === "free") return [];
  return [quoted(`${i + 1}:${required ? "" : ":"}${plain(name)}:${action(values)}`)];
}

const joined = (specs: readonly string[], indent: string): string => specs.join(` \\\n${indent}`);

/** The script. */
export function zshScript({ program, commands }: Grammar): string {
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${plain(summary)}`)}\n`).join(
    "",
  );
  const branches = commands.map((command) => {
    const specs = [...command.options.map(optionSpec), ...command.arguments.flatMap(argumentSpec)];
    return `        ${command.name}) _arguments -s -S ${joined(specs, " ".repeat(12))} ;;\n`;
  }).join("");
  return `#compdef ktop
# zsh completion for ktop, made by: ktop completions zsh
# Put it into a directory of $fpath as _ktop

# _ktop_list WORD…: words separated by commas.
_ktop_list() {
  compset -P '*,'
  compadd -q -S , -- "$@"
}

# _ktop_recorded TOOL…: the tools of the recording in the argument before; these if it cannot be read.
_ktop_recorded() {
  local file=\${(Q)line[1]}
  local -a tools
  [[ $file != "~/"* ]] || file=$HOME/\${file#"~/"}
  [[ -f $file && -r $file ]] && tools=(\${(f)"$(${READ_HEADER})"})
  ((\${#tools})) || tools=("$@")
  compadd -- $tools
}

_ktop_commands() {
  local -a commands=(
${described}  )
  _describe -t commands 'tool or command' commands
}

_ktop() {
  local place=\${words[(i)--]}
  if ((place < CURRENT)); then
    shift $place words
    ((CURRENT -= place))
    _normal
    return
  fi
  local context state state_descr line curcontext=$curcontext
  typeset -A opt_args
  _arguments -A '-*' -s -S -C ${joined(program.options.map(optionSpec), " ".repeat(4))} \\
    '1: :_ktop_commands' '*:: :->rest'
  case $state in
    rest)
      case $line[1] in
${branches}      esac
      ;;
  esac
}

if [[ $funcstack[1] == _ktop ]]; then
  _ktop "$@"
else
  compdef _ktop ktop
fi
`;
}

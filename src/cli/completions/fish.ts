/**
 * The completion script for fish 3 and later.
 *
 * @module
 */
import {
  type ArgumentInfo,
  type CommandInfo,
  type Grammar,
  type OptionInfo,
  optionNames,
  type Values,
} from "../grammar.ts";
import { READ_HEADER } from "./read_header.ts";

const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

/** The options of `complete` that offer these values. */
function offer(values: Values): string {
  switch (values.kind) {
    case "words":
      return `-x -a ${
        quoted(values.list ? `(__ktop_list ${values.words.join(" ")})` : values.words.join(" "))
      }`;
    case "files":
      return "-r -F";
    case "directories":
      return "-x -a '(__fish_complete_directories)'";
    case "recorded":
      return `-x -a ${quoted(`(__ktop_recorded ${values.tools.join(" ")})`)}`;
    case "free":
      return "-x";
  }
}

function optionLine(condition: string, { short, long, description, argument, values }: OptionInfo): string {
  const names = `${short ? `-s ${short.slice(1)} ` : ""}-l ${long.slice(2)}`;
  const value = argument === undefined ? "" : ` ${offer(values)}`;
  return `complete -c ktop -n ${quoted(condition)} ${names}${value} -d ${quoted(description)}\n`;
}

function argumentLine(command: string, i: number, { values }: ArgumentInfo): string {
  if (values.kind === "free") return "";
  const condition = quoted(`__ktop_at ${command} ${i}`);
  return `complete -c ktop -n ${condition} ${
    values.kind === "files" ? "-F" : offer(values).replace("-x ", "")
  }\n`;
}

function commandLines(command: CommandInfo): string {
  const options = command.options.map((option) => optionLine(`__ktop_in ${command.name}`, option));
  return [...options, ...command.arguments.map((argument, i) => argumentLine(command.name, i, argument))]
    .join("");
}

/** The script. */
export function fishScript({ program, commands }: Grammar): string {
  const valued = [program, ...commands].flatMap(({ options }) =>
    options.filter(({ argument }) => argument !== undefined).flatMap(optionNames)
  );
  const names = commands.map(({ name, summary }) =>
    `complete -c ktop -n '__ktop_in ""' -a ${name} -d ${quoted(summary)}\n`
  );
  return `# fish completion for ktop, made by: ktop completions fish
# Put it into ~/.config/fish/completions/ktop.fish

# The words of the command line without options and their values.
function __ktop_words
    set -l valued ${[...new Set(valued)].join(" ")}
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            contains -- $word $valued; and set skip 1
        else
            echo $word
        end
    end
end

# True after --, in a command that ktop starts.
function __ktop_in_command
    contains -- -- (commandline -opc)
end

# Completes that command as fish completes it alone.
function __ktop_command
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    set -l before (string escape -- $words[(math $at + 1)..-1])
    complete -C (string join ' ' -- $before (commandline -ct))
end

# __ktop_in COMMAND: true inside this command; '' before any command.
function __ktop_in
    not __ktop_in_command; or return
    set -l words (__ktop_words)
    test "$words[1]" = "$argv[1]"
end

# __ktop_at COMMAND INDEX: true if its positional argument of this index comes next.
function __ktop_at
    set -l words (__ktop_words)
    not __ktop_in_command; and test "$words[1]" = "$argv[1]"; and test (count $words) = (math $argv[2] + 1)
end

# __ktop_list WORD…: words separated by commas.
function __ktop_list
    set -l token (commandline -ct | string replace -r '^--[^=]*=' '')
    set -l before (string match -r '^.*,' -- $token)
    printf '%s\\n' "$before"$argv
end

# __ktop_recorded TOOL…: the tools of the recording in the argument before; these if it cannot be read.
function __ktop_recorded
    set -l words (__ktop_words)
    set -l file (string replace -r '^~/' "$HOME/" -- $words[-1])
    set -l tools
    if test -f "$file" -a -r "$file"
        set tools (${READ_HEADER})
    end
    set -q tools[1]; or set tools $argv
    printf '%s\\n' $tools
end

complete -c ktop -f
complete -c ktop -n __ktop_in_command -a '(__ktop_command)'
${names.join("")}${program.options.map((option) => optionLine('__ktop_in ""', option)).join("")}${
    commands.map(commandLines).join("")
  }`;
}

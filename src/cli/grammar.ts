/**
 * The command line as data: commands, options, arguments and the values each takes. Completions and the man page are made
 * from it.
 *
 * @module
 */
import type { Argument, Command, Option } from "commander";
import { groupableColumns, groupingNames } from "../model/mod.ts";
import { type Tool, TOOLS } from "../tools/mod.ts";

/** The values of an option or argument. */
export type Values =
  | { readonly kind: "words"; readonly words: readonly string[]; readonly list: boolean }
  | { readonly kind: "files" | "directories" }
  /** Tools that the recording names which is the argument before; all of them if it cannot be read. */
  | { readonly kind: "recorded"; readonly tools: readonly string[] }
  | { readonly kind: "free" };

/** An option. */
export interface OptionInfo {
  /** `-i`; absent if there is only the long name. */
  readonly short?: string;
  /** `--interval`. */
  readonly long: string;
  readonly description: string;
  /** Name of its value, `SEC`; absent for a switch. */
  readonly argument?: string;
  readonly values: Values;
}

/** A positional argument. */
export interface ArgumentInfo {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly values: Values;
}

/** A command. */
export interface CommandInfo {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionInfo[];
  readonly arguments: readonly ArgumentInfo[];
  /** Present: the command runs this tool. */
  readonly tool?: Tool;
}

/** The whole command line. */
export interface Grammar {
  readonly program: CommandInfo;
  readonly commands: readonly CommandInfo[];
}

const FREE: Values = { kind: "free" };

const words = (list: readonly string[], commas = false): Values => ({
  kind: "words",
  words: list,
  list: commas,
});

/** The values of an option or argument that declares no choices, by its name. */
function valuesByName(option: string, argument: string, tool: Tool | undefined): Values {
  const tools = TOOLS.map(({ name }) => name);
  if (option === "panes" || option === "tools") return words(tools, true);
  if (argument === "TOOL") return words(tools);
  const columns = tool?.columns.map(({ key }) => key);
  if (option === "fields" && columns) return words(columns, true);
  if (option === "sort" && columns) return words(columns);
  if (option === "by" && tool) return words(groupingNames(groupableColumns(tool)));
  if (/^(DIR|PATH)/i.test(argument)) return { kind: "directories" };
  return /^FILE/i.test(argument) ? { kind: "files" } : FREE;
}

/** `SEC` of `-i, --interval <SEC>`. */
function argumentName(option: Option): string | undefined {
  return /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
}

function readOption(option: Option, tool: Tool | undefined): OptionInfo {
  const argument = argumentName(option);
  const values = option.argChoices
    ? words(option.argChoices)
    : argument === undefined
    ? FREE
    : valuesByName(option.name(), argument, tool);
  return {
    short: option.short ?? undefined,
    long: option.long ?? option.flags,
    description: option.description,
    argument,
    values,
  };
}

function valuesOfArgument(argument: Argument, before: Argument | undefined, tool: Tool | undefined): Values {
  if (argument.argChoices) return words(argument.argChoices);
  const values = valuesByName("", argument.name(), tool);
  return values.kind === "words" && argument.name() === "TOOL" && before?.name() === "FILE"
    ? { kind: "recorded", tools: values.words }
    : values;
}

function readArguments(list: readonly Argument[], tool: Tool | undefined): ArgumentInfo[] {
  return list.map((argument, i) => ({
    name: argument.name(),
    required: argument.required,
    description: argument.description,
    values: valuesOfArgument(argument, list[i - 1], tool),
  }));
}

const HELP: OptionInfo = {
  short: "-h",
  long: "--help",
  description: "print help",
  values: FREE,
};

function readCommand(command: Command): CommandInfo {
  const tool = TOOLS.find(({ name }) => name === command.name());
  const options = command.options.filter(({ hidden }) => !hidden).map((option) => readOption(option, tool));
  return {
    name: command.name(),
    summary: command.description(),
    options: [...options, HELP],
    arguments: readArguments(command.registeredArguments, tool),
    tool,
  };
}

/** Reads the command line from commander. */
export function readGrammar(program: Command): Grammar {
  const commands = program.commands.map(readCommand);
  const whole = readCommand(program);
  const names = words(commands.map(({ name }) => name));
  return { program: { ...whole, arguments: [{ ...whole.arguments[0]!, values: names }] }, commands };
}

/** The names of an option: `-i`, `--interval`. */
export function optionNames({ short, long }: OptionInfo): string[] {
  return short === undefined ? [long] : [short, long];
}

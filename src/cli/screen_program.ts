/**
 * The command line of the screen, without subcommands: all that a start with options alone needs.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { UsageError } from "../errors.ts";
import { localZone } from "../ffi/mod.ts";
import { nearest, shownValue, useZone, utcAt } from "../text/mod.ts";
import { assertObeyed } from "./effects.ts";
import { addCommonOptions, type CommonOptions, mergeOptions, unknownWord } from "./options.ts";
import { runScreen, screenOptions } from "./screen_command.ts";
import { assertNoHostOptions, type HostOptions, hostOptions } from "./host_options.ts";
import { standardOutput } from "./standard_streams.ts";
import { VERSION } from "./version.ts";

const EPILOGUE = `
Exit codes: 0 done, 1 failure, 2 wrong usage, 3 not permitted, 4 this kernel cannot; with -- CMD that of CMD.
Examples:
  ktop                            the screen: filetop, vfsstat, dcstat, runqslower
  ktop --screen disk              panes that belong together; also the key T
  ktop vfsstat 1 5                five lines of VFS calls per second
  ktop filetop --json -p 1234     what process 1234 reads and writes, for a script
  ktop opensnoop -- make          files that make and its children open, from start to end
  ktop -- make                    the screen of make and its children
  ktop runqslower 1000            threads that waited 1 ms or more for a CPU
  ktop record night.gz            record what the screen would show
  ktop replay night.gz            show the recording; --demo shows the built-in one
  ktop @web1 @web2                the screen of other machines, through ssh
  ktop doctor                     what this kernel and these privileges allow
Of an option given twice the last one counts; lists add up. An option without effect is wrong usage.
The help of each tool lists its columns and shows an example: ktop filetop --help`;

/** Turns commander's errors into UsageError. Help and version arrive as errors too, with exit code 0. */
function throwUsage(error: CommanderError): never {
  if (error.exitCode === 0) throw error;
  const message = error.message.replace(/^error: /, "").replace(
    /'(.*)'/s,
    (_, value) => `'${shownValue(value)}'`,
  ).replace(/^command-argument value ('.*') is invalid for argument '(\w+)'/s, "$2 $1 is invalid");
  const [, word, choices] = / '([^']*)' is invalid[^.]*\. Allowed choices are (.*)\.$/.exec(message) ?? [];
  const hint = word === undefined ? undefined : nearest(word, choices!.split(", "));
  throw new UsageError(
    message.replace(/\n?\(Did you mean (.*)\?\)$/, ". Did you mean $1?"),
    { remedy: hint === undefined ? "" : `Did you mean ${hint}?` },
  );
}

/** Takes the text of --help and --version. */
export type WriteOut = (text: string) => void;

/** The options before a subcommand's name. */
export const optionsOf = (program: Command): CommonOptions => program.opts() as CommonOptions;

/** Makes a command throw its errors, and adds --help. */
export function withErrorsThrown(command: Command, writeOut: WriteOut): Command {
  return command.helpOption("-h, --help", "print this help").exitOverride(throwUsage)
    .configureOutput({ writeOut, writeErr: () => {} }).showSuggestionAfterError(true);
}

/**
 * True if the arguments are long options without separate values, and none asks for help: they name no subcommand. Building
 * the subcommands takes 7 ms, for which the first frame would wait.
 */
export function namesOnlyOptions(args: readonly string[]): boolean {
  return args.every((arg) => arg.startsWith("--") && !arg.startsWith("--help"));
}

/**
 * Builds the command line without subcommands. Parsing arguments runs the screen; errors are thrown, never printed.
 */
export function buildScreenProgram(writeOut: WriteOut): Command {
  const program = new Command("ktop")
    .description("A top for what the Linux kernel does with files, directory entries and the run queue.")
    .version(VERSION, "--version", "print the version; with --json also the embedded libraries")
    .option("--licenses", "print the licences of ktop and its components")
    .argument(
      "[TOOL|@HOST...]",
      "a tool, or other machines through ssh; without either, the screen of this machine",
    )
    .usage("[options] [command] [TOOL|@HOST...] [-- CMD ARG...]")
    .enablePositionalOptions()
    .addHelpText("after", EPILOGUE);
  addCommonOptions(program);
  screenOptions(program);
  hostOptions(program);
  program.action(async (words: readonly string[], options: HostOptions & { readonly licenses?: boolean }) => {
    const word = words.find((word) => !word.startsWith("@"));
    if (word !== undefined) {
      if (words.length > 1 && words.some((one) => one.startsWith("@"))) {
        throw new UsageError(`${shownValue(word)} cannot follow @HOST or precede it.`, {
          remedy: "Choose tools with --panes: ktop @HOST --panes filetop.",
        });
      }
      throw unknownWord(
        "tool",
        word,
        program.commands.map((command) => command.name()),
      );
    }
    if (options.licenses) {
      const { licensesText } = await import("./licenses.ts");
      return await standardOutput().write(licensesText());
    }
    if (words.length > 0) {
      const { runHosts } = await import("./hosts_command.ts");
      return await runHosts(words, options);
    }
    assertNoHostOptions(options);
    await runScreen(options);
  });
  program.hook("preAction", (_, command) => {
    if (command !== program) assertObeyed(program, command);
    const { utc } = mergeOptions(optionsOf(program), command.opts());
    useZone(utc ? utcAt : localZone);
  });
  return withErrorsThrown(program, writeOut);
}

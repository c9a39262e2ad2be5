/**
 * The whole command line: the screen, the tools, and the commands `list`, `doctor`, `config` and so on.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { UsageError } from "../errors.ts";
import { localZone } from "../ffi/mod.ts";
import { nearest, shownValue, useZone, utcAt } from "../text/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { completionsCommand } from "./completions_command.ts";
import { configCommand } from "./config_command.ts";
import { doctorCommand } from "./doctor_command.ts";
import { helpCommand } from "./help_command.ts";
import { licensesText } from "./licenses.ts";
import { listCommand } from "./list_command.ts";
import { manCommand } from "./man_command.ts";
import { addCommonOptions, type CommonOptions, mergeOptions, unknownWord } from "./options.ts";
import { recordCommand } from "./record_command.ts";
import { replayCommand } from "./replay_command.ts";
import { runScreen, screenOptions } from "./screen_command.ts";
import type { ConfigurationOptions } from "./configuration_options.ts";
import { standardOutput } from "./standard_streams.ts";
import { toolCommand } from "./tool_command.ts";
import { VERSION } from "./version.ts";

const EPILOGUE = `
Exit codes: 0 done, 1 failure, 2 wrong usage, 3 not permitted, 4 this kernel cannot.
Examples:
  ktop                            the screen: filetop, vfsstat, dcstat, runqslower
  ktop vfsstat 1 5                five lines of VFS calls per second
  ktop filetop --json -p 1234     what process 1234 reads and writes, for a script
  ktop runqslower 1000            threads that waited 1 ms or more for a CPU
  ktop record night.gz            record what the screen would show
  ktop replay night.gz            show the recording; --demo shows the built-in one
  ktop doctor                     what this kernel and these privileges allow
The help of each tool lists its columns and shows an example: ktop filetop --help`;

/** Turns commander's errors into UsageError. Help and version arrive as errors too, with exit code 0. */
function throwUsage(error: CommanderError): never {
  if (error.exitCode === 0) throw error;
  const message = error.message.replace(/^error: /, "").replace(
    /'(.*)'/s,
    (_, value) => `'${shownValue(value)}'`,
  );
  const [, word, choices] = / '([^']*)' is invalid[^.]*\. Allowed choices are (.*)\.$/.exec(message) ?? [];
  const hint = word === undefined ? undefined : nearest(word, choices!.split(", "));
  throw new UsageError(
    message.replace(/\n?\(Did you mean (.*)\?\)$/, ". Did you mean $1?"),
    { remedy: hint === undefined ? "" : `Did you mean ${hint}?` },
  );
}

/**
 * Builds the command line. Parsing arguments runs the command; errors are thrown, never printed.
 *
 * @param writeOut takes the text of --help and --version
 */
export function buildProgram(writeOut: (text: string) => void = () => {}): Command {
  const program = new Command("ktop")
    .description("A top for what the Linux kernel does with files, directory entries and the run queue.")
    .version(VERSION, "--version", "print the version")
    .option("--licenses", "print the licences of ktop and its components")
    .argument("[TOOL]", "a tool; without one, the screen")
    .enablePositionalOptions()
    .addHelpText("after", EPILOGUE);
  addCommonOptions(program);
  screenOptions(program);
  program.action(async (word, options) => {
    if (word !== undefined) {
      throw unknownWord(
        "tool",
        word,
        program.commands.map((command) => command.name()),
      );
    }
    if (options.licenses) return await standardOutput().write(licensesText());
    await runScreen(options as ConfigurationOptions);
  });
  program.hook("preAction", (_, command) => {
    const { utc } = mergeOptions(programOptions(), command.opts());
    useZone(utc ? utcAt : localZone);
  });
  const programOptions = (): CommonOptions => program.opts() as CommonOptions;
  for (const tool of TOOLS) program.addCommand(toolCommand(tool, programOptions));
  program.addCommand(listCommand(programOptions));
  program.addCommand(doctorCommand(programOptions));
  program.addCommand(configCommand(programOptions));
  program.addCommand(completionsCommand(program));
  program.addCommand(manCommand(program));
  program.addCommand(recordCommand(programOptions));
  program.addCommand(replayCommand(programOptions));
  program.addCommand(helpCommand(program));
  for (const command of [program, ...program.commands]) {
    command.helpOption("-h, --help", "print this help");
    command.exitOverride(throwUsage).configureOutput({ writeOut, writeErr: () => {} })
      .showSuggestionAfterError(true);
  }
  return program;
}

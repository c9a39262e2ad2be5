/**
 * The whole command line: the screen, the tools, and the commands `list`, `doctor`, `config` and so on.
 *
 * @module
 */
import type { Command } from "commander";
import { TOOLS } from "../tools/mod.ts";
import { completionsCommand } from "./completions_command.ts";
import { configCommand } from "./config_command.ts";
import { doctorCommand } from "./doctor_command.ts";
import { helpCommand } from "./help_command.ts";
import { listCommand } from "./list_command.ts";
import { manCommand } from "./man_command.ts";
import type { CommonOptions } from "./options.ts";
import { recordCommand } from "./record_command.ts";
import { replayCommand } from "./replay_command.ts";
import { buildScreenProgram, optionsOf, withErrorsThrown, type WriteOut } from "./screen_program.ts";
import { serveCommand } from "./serve_command.ts";
import { toolCommand } from "./tool_command.ts";

/** Builds the command line. Parsing arguments runs the command; errors are thrown, never printed. */
export function buildProgram(writeOut: WriteOut = () => {}): Command {
  const program = buildScreenProgram(writeOut);
  const programOptions = (): CommonOptions => optionsOf(program);
  const commands = [
    ...TOOLS.map((tool) => toolCommand(tool, programOptions)),
    listCommand(programOptions),
    doctorCommand(programOptions),
    configCommand(programOptions),
    completionsCommand(program),
    manCommand(program),
    recordCommand(programOptions),
    replayCommand(programOptions),
    serveCommand(programOptions),
    helpCommand(program),
  ];
  for (const command of commands) program.addCommand(withErrorsThrown(command, writeOut));
  return program;
}

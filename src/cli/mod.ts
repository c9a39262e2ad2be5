/**
 * The command line: parses arguments, runs a command, prints errors, returns the exit code. Commands wire the other rooms
 * together; what they measure, draw or format is made there.
 *
 * @module
 */
import { CommanderError } from "commander";
import { errnoOf, errnoRemedy, ExitCode, KtopError, VerifierError } from "../errors.ts";
import { resetSignals, restartWithoutRuntimeVariables } from "../ffi/mod.ts";
import { messageText } from "../text/mod.ts";
import { splitCommand } from "./options.ts";
import { buildScreenProgram, namesOnlyOptions, type WriteOut } from "./screen_program.ts";
import { printMessage, standardOutput } from "./standard_streams.ts";

/** The error in one or two sentences; with --debug also the verifier's log or the stack. */
function describe(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return messageText(String(error));
  const help = error instanceof KtopError && error.remedy !== "" ? error.remedy : errnoRemedy(errnoOf(error));
  const remedy = help === "" ? "" : `${/[.!?]$/.test(error.message) ? "" : "."} ${help}`;
  const log = debug && error instanceof VerifierError ? `\n${error.log}` : "";
  const stack = debug && !(error instanceof KtopError) ? `\n${error.stack}` : "";
  return `${messageText(error.message)}${remedy}${log}${stack}`;
}

/** `--compare A B` as `--compare A --compare B`, because only the first value of an option may start with a dash. */
function repeatCompare(args: readonly string[]): string[] {
  return args.flatMap((word, i) =>
    args[i - 2] === "--compare" && word.includes("..") ? ["--compare", word] : [word]
  );
}

/** Parses the arguments and runs the command, or prints help or the version. */
async function run(all: readonly string[]): Promise<void> {
  const { options, command } = splitCommand(all);
  const args = repeatCompare(options);
  let help = "";
  const takeHelp: WriteOut = (text) => help += text;
  const program = namesOnlyOptions(args)
    ? buildScreenProgram(takeHelp)
    : (await import("./program.ts")).buildProgram(takeHelp);
  if (command) program.setOptionValue("command", command);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
    const json = error.code === "commander.version" && args.includes("--json");
    await standardOutput().write(json ? (await import("./licenses.ts")).versionJson() : help);
  }
}

/**
 * Runs the command line. Never rejects: errors are printed to standard error and become an exit code. Otherwise that is
 * `Deno.exitCode`, which a run with `-- CMD` sets.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    restartWithoutRuntimeVariables();
    resetSignals();
    await run(args);
    return Deno.exitCode;
  } catch (error) {
    printMessage(describe(error, args.includes("--debug")));
    return error instanceof KtopError ? error.exitCode : ExitCode.failure;
  }
}

/**
 * The command line: parses arguments, runs a command, prints errors, returns the exit code. Commands wire the other rooms
 * together; what they measure, draw or format is made there.
 *
 * @module
 */
import { CommanderError } from "commander";
import { ExitCode, KtopError, VerifierError } from "../errors.ts";
import { messageText } from "../text/mod.ts";
import { buildProgram } from "./program.ts";

/** The error in one or two sentences; with --debug also the verifier's log or the stack. */
function describe(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return messageText(String(error));
  const remedy = error instanceof KtopError && error.remedy !== "" ? ` ${error.remedy}` : "";
  const log = debug && error instanceof VerifierError ? `\n${error.log}` : "";
  const stack = debug && !(error instanceof KtopError) ? `\n${error.stack}` : "";
  return `${messageText(error.message)}${remedy}${log}${stack}`;
}

/** Runs the command line. Never rejects: errors are printed to standard error and become an exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    await buildProgram().parseAsync([...args], { from: "user" });
    return ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.done;
    if (error instanceof Deno.errors.BrokenPipe) return ExitCode.done; // the reader of standard output has exited
    console.error(`ktop: ${describe(error, args.includes("--debug"))}`);
    return error instanceof KtopError ? error.exitCode : ExitCode.failure;
  }
}

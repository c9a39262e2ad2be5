/**
 * From arguments to an exit code: runs the command, prints what went wrong.
 *
 * @module
 */
import { CommanderError } from "commander";
import { ExitCode, KtopError, VerifierError } from "../errors.ts";
import { buildProgram } from "./program.ts";

/** What went wrong, in one or two sentences; the verifier's log only with --debug. */
function describe(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  const remedy = error instanceof KtopError && error.remedy !== "" ? ` ${error.remedy}` : "";
  const log = debug && error instanceof VerifierError ? `\n${error.log}` : "";
  const stack = debug && !(error instanceof KtopError) ? `\n${error.stack}` : "";
  return `${error.message}${remedy}${log}${stack}`;
}

/** Runs the command line. Never throws; what is thrown below becomes a line on stderr and an exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    await buildProgram().parseAsync([...args], { from: "user" });
    return ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.done;
    if (error instanceof Deno.errors.BrokenPipe) return ExitCode.done; // whoever read has gone
    console.error(`ktop: ${describe(error, args.includes("--debug"))}`);
    return error instanceof KtopError ? error.exitCode : ExitCode.failure;
  }
}

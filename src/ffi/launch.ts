/**
 * A command that is started in two steps: native/launch.c. One in a process.
 *
 * @module
 */
import { c } from "./c_types.ts";
import { checkResult, errnoName } from "./errno.ts";
import { openEmbedded } from "./libraries.ts";
import { cString, cStringArray } from "./memory.ts";
import { givenEnvironment } from "./restart.ts";

const symbols = {
  // int ktop_fork_command(const char *path, char *const arguments[], char **variables)
  ktop_fork_command: { parameters: [c.string, c.buffer, c.buffer], result: c.int },
  // int ktop_ready_command(void)
  ktop_ready_command: { parameters: [], result: c.int, nonblocking: true },
  // int ktop_execute_command(void)
  ktop_execute_command: { parameters: [], result: c.int, nonblocking: true },
  // void ktop_cancel_command(void)
  ktop_cancel_command: { parameters: [], result: c.void },
  // int ktop_wait_command(void)
  ktop_wait_command: { parameters: [], result: c.int, nonblocking: true },
} as const satisfies Deno.ForeignLibraryInterface;

/** A child process that executes a command when it is told to. Signals from other processes to this one are forwarded to it. */
export class NativeCommand {
  /** Process id in ktop's pid namespace. It is a child of the thread that called the constructor. */
  readonly pid: number;
  readonly #functions = openEmbedded("native/launch.so", symbols);

  /**
   * Forks the child, which has the standard streams, the privileges, the limits and the working directory that this process has now.
   *
   * @param path with a slash
   * @param words without NUL; the first is the command's name
   * @throws {BpfError} out of memory, processes or descriptors
   */
  constructor(path: string, words: readonly string[]) {
    const result = this.#functions.ktop_fork_command(
      cString(path),
      cStringArray(words.map(cString)),
      cStringArray(givenEnvironment()),
    );
    this.pid = checkResult("fork", result);
  }

  /** Waits until the child's next system call is execve(2). False: it has ended. */
  async prepare(): Promise<boolean> {
    return await this.#functions.ktop_ready_command() !== 0;
  }

  /** Executes the command. @returns null, or the name of the errno of execve(2) */
  async execute(): Promise<string | null> {
    const errno = await this.#functions.ktop_execute_command();
    return errno === 0 ? null : errnoName(errno);
  }

  /** Ends a child that has not executed the command. */
  cancel(): void {
    this.#functions.ktop_cancel_command();
  }

  /** Waits for the end, once. @returns the exit code; 128 + n if signal n ended the child */
  async wait(): Promise<number> {
    return checkResult("wait for the command", await this.#functions.ktop_wait_command());
  }
}

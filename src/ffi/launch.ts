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
  // int ktop_fork_command(const char *path, char *const arguments[], char **variables, int is_detached)
  ktop_fork_command: { parameters: [c.string, c.buffer, c.buffer, c.int], result: c.int },
  // int ktop_ready_command(void)
  ktop_ready_command: { parameters: [], result: c.int, nonblocking: true },
  // int ktop_execute_command(void)
  ktop_execute_command: { parameters: [], result: c.int, nonblocking: true },
  // void ktop_cancel_command(void)
  ktop_cancel_command: { parameters: [], result: c.void },
  // int ktop_wait_command(void)
  ktop_wait_command: { parameters: [], result: c.int, nonblocking: true },
  // void ktop_interrupt_command(void)
  ktop_interrupt_command: { parameters: [], result: c.void },
  // void ktop_suspend_command(int is_suspended)
  ktop_suspend_command: { parameters: [c.int], result: c.void },
  // void ktop_pump_output(void)
  ktop_pump_output: { parameters: [], result: c.void, nonblocking: true },
  // size_t ktop_print_output(void)
  ktop_print_output: { parameters: [], result: c.size_t, nonblocking: true },
  // int ktop_output_is_in_line(void)
  ktop_output_is_in_line: { parameters: [], result: c.int },
  // void ktop_hand_over_output(void)
  ktop_hand_over_output: { parameters: [], result: c.void },
} as const satisfies Deno.ForeignLibraryInterface;

/** A child process that executes a command when it is told to. Signals from other processes to this one are forwarded to it. */
export class NativeCommand {
  /** Process id in ktop's pid namespace. It is a child of the thread that called the constructor. */
  readonly pid: number;
  readonly #functions = openEmbedded("native/launch.so", symbols);

  /**
   * Forks the child, which has the standard streams, the privileges, the limits and the working directory that this process has now.
   *
   * A detached child has no terminal: it reads nothing, and the last mebibyte that it writes to a terminal is kept. Until that is printed,
   * signals are forwarded to its process group and also have their effect here; listeners that are added later get none.
   *
   * @param path with a slash
   * @param words without NUL; the first is the command's name
   * @throws {BpfError} out of memory, processes or descriptors, or there is no /dev/null
   */
  constructor(path: string, words: readonly string[], { detached = false } = {}) {
    const result = this.#functions.ktop_fork_command(
      cString(path),
      cStringArray(words.map(cString)),
      cStringArray(givenEnvironment()),
      Number(detached),
    );
    this.pid = checkResult("fork", result);
    if (detached) this.#functions.ktop_pump_output();
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

  /** Interrupts a child that has not ended, also one that is stopped. */
  interrupt(): void {
    this.#functions.ktop_interrupt_command();
  }

  /** Stops the process group of a detached child that has not ended, or lets it continue. */
  suspend(on: boolean): void {
    this.#functions.ktop_suspend_command(Number(on));
  }

  /**
   * Prints the output of a detached child that is kept, from the start of a line, and from then on what it writes; a later call only waits
   * for what has arrived.
   *
   * @returns how many bytes at the start of the output were not printed
   */
  async printOutput(): Promise<number> {
    return Number(await this.#functions.ktop_print_output());
  }

  /** Whether the output that was printed ends within a line. */
  get isInLine(): boolean {
    return this.#functions.ktop_output_is_in_line() !== 0;
  }

  /** Lets another process print what children of a detached child write from now on, if any has its output. Call it before ktop exits. */
  handOverOutput(): void {
    this.#functions.ktop_hand_over_output();
  }

  /** Waits for the end, once. @returns the exit code; 128 + n if signal n ended the child */
  async wait(): Promise<number> {
    return checkResult("wait for the command", await this.#functions.ktop_wait_command());
  }
}

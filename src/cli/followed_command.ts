/**
 * `-- CMD ARG…`: a command that ktop starts when its tools are attached, and follows to its end.
 *
 * @module
 */
import { Access, Followed, mayAccess, NativeCommand } from "../bpf/mod.ts";
import { CommandError, ExitCode } from "../errors.ts";
import { counted, shownValue } from "../text/mod.ts";
import type { ToolRequest } from "../monitor/mod.ts";
import type { ToolOptions } from "../tools/mod.ts";
import { EndSignals } from "./end_signals.ts";
import type { Session } from "./session.ts";
import { printMessage, writeError } from "./standard_streams.ts";

/** Where execvp(3) looks for commands if PATH is not set. */
const DEFAULT_PATH = "/bin:/usr/bin";
/** How long the children of a command that has ended are still followed, milliseconds. */
const CHILDREN_TIMEOUT_MS = 1000;
/** Time between two checks whether they run, milliseconds. */
const POLL_MS = 10;
/** How long a command may take to end before a message names it, milliseconds. */
const WAIT_NOTICE_MS = 300;

/** Why this file cannot be executed; null: it can. */
function executionError(path: string): string | null {
  try {
    const { isDirectory } = Deno.statSync(path);
    return isDirectory ? "EISDIR" : mayAccess(path, Access.execute) ? null : "EACCES";
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied ? "EACCES" : "ENOENT";
  }
}

/**
 * The path of a command, found as by execvp(3).
 *
 * @throws {CommandError} it cannot be executed
 */
export function findCommand(name: string, searched = Deno.env.get("PATH") ?? DEFAULT_PATH): string {
  const directories = name.includes("/")
    ? [""]
    : name === ""
    ? []
    : searched.split(":").map((each) => `${each || "."}/`);
  let reason = "ENOENT";
  for (const directory of directories) {
    const path = `${directory}${name}`;
    const found = executionError(path);
    if (found === null) return path;
    if (found !== "ENOENT") reason = found;
  }
  throw new CommandError(shownValue(name), reason);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Waits for the children that a command has not waited for, at most a second.
 *
 * @param isRunning whether one of them runs
 * @param isOver whether nothing is measured any more
 */
export async function waitForChildren(
  isRunning: () => boolean,
  isOver: () => boolean,
  { now = () => performance.now(), sleep = pause } = {},
): Promise<void> {
  const deadline = now() + CHILDREN_TIMEOUT_MS;
  while (now() < deadline && !isOver() && isRunning()) await sleep(POLL_MS);
}

/** How a command is run. */
export interface LaunchOptions {
  /** It has no terminal, and its output is kept until {@linkcode FollowedCommand.leaveScreen}. */
  readonly detached?: boolean;
  /** Called when it has ended, also if it was not started; {@linkcode FollowedCommand.finish} waits for it, and throws what it throws. */
  readonly onEnd: (command: FollowedCommand, code: number) => void | Promise<void>;
}

/** A command. It waits until {@linkcode FollowedCommand.start}. When it has ended, its exit code is ktop's (`Deno.exitCode`). */
export class FollowedCommand {
  readonly #words: readonly string[];
  readonly #native: NativeCommand;
  #followed: Followed | undefined;
  #state: "waiting" | "started" | "ended" = "waiting";
  #starting: Promise<void> | undefined;
  #isSuspended = false;
  /** Resolves when it has ended. */
  readonly #ended: Promise<void>;

  private constructor(words: readonly string[], options: LaunchOptions) {
    this.#words = words;
    this.#native = new NativeCommand(findCommand(words[0]!), words, options);
    this.#ended = this.#watch(options);
    // finish() waits for it, which may be later.
    this.#ended.catch(() => {});
  }

  /**
   * Forks a process for the command, with the privileges that ktop has now.
   *
   * @throws {CommandError} there is no such command, or it cannot be executed
   * @throws {PermissionError} ktop may not load BPF programs
   * @throws {BpfError} the process cannot be made or followed
   */
  static async launch(words: readonly string[], options: LaunchOptions): Promise<FollowedCommand> {
    const command = new FollowedCommand(words, options);
    try {
      command.#followed = await Followed.attach(words, command.#native.pid);
      return command;
    } catch (error) {
      await command.finish();
      throw error;
    }
  }

  /** The filter for its processes. */
  get followed(): Followed {
    return this.#followed!;
  }

  /** Whether it has not ended. */
  get isRunning(): boolean {
    return this.#state !== "ended";
  }

  /** Waits, when it has ended, for its children: {@linkcode waitForChildren}. */
  waitForChildren(isOver: () => boolean): Promise<void> {
    return waitForChildren(() => this.#followed?.hasRunningProcesses() ?? false, isOver);
  }

  /** Executes the command, unless it has ended, and follows it from there. @throws {CommandError} it cannot be executed */
  async start(): Promise<void> {
    if (this.isRunning) await (this.#starting = this.#start());
  }

  async #start(): Promise<void> {
    if (!await this.#native.prepare()) return;
    this.followed.followChild();
    this.#state = "started";
    const errno = await this.#native.execute();
    if (errno !== null) throw new CommandError(shownValue(this.#words[0]!), errno);
  }

  async #watch({ onEnd }: LaunchOptions): Promise<void> {
    const code = await this.#native.wait();
    const hasStarted = this.#state === "started";
    this.#state = "ended";
    Deno.exitCode = (hasStarted || code !== 0) ? code : ExitCode.failure;
    await onEnd(this, code);
  }

  /** Sends SIGINT to the command, and if it is detached to its children. */
  interrupt(): void {
    this.#native.interrupt();
  }

  /** ktop is suspended, or continues: so does a detached command with its process group. */
  suspend(on: boolean): void {
    if (this.#state === "started" && this.#isSuspended !== on) this.#native.suspend(on);
    this.#isSuspended = on;
  }

  /** The screen has gone: prints the output of a detached command, and waits for its end. */
  async leaveScreen(): Promise<void> {
    EndSignals.forgetLimit();
    const name = shownValue(this.#words[0]!);
    const dropped = await this.#native.printOutput();
    if (dropped > 0) {
      this.#printNote(`the first ${counted(dropped, "byte")} of the output of ${name} were dropped`);
    }
    await this.#starting?.catch(() => {});
    if (this.#state === "waiting") this.#printNote(`${name} was not started`);
    else await this.#waitInTerminal(name);
    await this.finish();
    await this.#native.printOutput();
    this.#native.handOverOutput();
  }

  /** Waits for its end; Ctrl-Z suspends both. */
  async #waitInTerminal(name: string): Promise<void> {
    Deno.addSignalListener("SIGTSTP", () => {
      this.suspend(true);
      Deno.kill(Deno.pid, "SIGSTOP");
    });
    Deno.addSignalListener("SIGCONT", () => this.suspend(false));
    const timer = setTimeout(() => {
      this.#printNote(
        `waiting for ${name} (process ${this.#native.pid}) to end; Ctrl-C interrupts it, Ctrl-\\ quits it`,
      );
    }, WAIT_NOTICE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Prints a message after the output of a detached command, on a separate line. */
  #printNote(text: string): void {
    if (this.#native.isInLine && Deno.stderr.isTerminal()) writeError("\n");
    printMessage(text);
  }

  /** Follows the command no longer and waits for its end. One that was not started is not executed any more. */
  async finish(): Promise<void> {
    if (this.#state === "waiting") this.#native.cancel();
    this.#followed?.close();
    this.#followed = undefined;
    await this.#ended;
  }
}

/** The options, with the filter for the processes of the command, if there is one. */
export function followOnly(options: ToolOptions, command: FollowedCommand | undefined): ToolOptions {
  return command ? { ...options, filters: { ...options.filters, followed: command.followed } } : options;
}

/** The tool, which measures only the command, if there is one. */
export const followRequest = (request: ToolRequest, command: FollowedCommand | undefined): ToolRequest => ({
  ...request,
  options: followOnly(request.options, command),
});

/**
 * Runs `work` with the command that was given after `--`, if any, and waits for the command's end, with which the session ends.
 *
 * @throws what {@linkcode FollowedCommand.launch} and `work` throw
 */
export async function withCommand(
  words: readonly string[] | undefined,
  session: Session,
  work: (command: FollowedCommand | undefined) => Promise<void>,
): Promise<void> {
  if (words === undefined) return await work(undefined);
  const command = await FollowedCommand.launch(words, {
    onEnd: async (ended) => {
      await ended.waitForChildren(() => session.ended);
      session.end();
    },
  });
  try {
    await work(command);
  } finally {
    await command.finish();
  }
}

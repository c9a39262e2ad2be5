/**
 * `-- CMD ARG…`: a command that ktop starts when its tools are attached, and follows to its end.
 *
 * @module
 */
import { Access, Followed, mayAccess, NativeCommand } from "../bpf/mod.ts";
import { CommandError, ExitCode } from "../errors.ts";
import { shownValue } from "../text/mod.ts";
import type { ToolOptions } from "../tools/mod.ts";
import type { Session } from "./session.ts";

/** Where execvp(3) looks for commands if PATH is not set. */
const DEFAULT_PATH = "/bin:/usr/bin";
/** How long the children of a command that has ended are still followed, milliseconds. */
const CHILDREN_MS = 1000;
/** Between two looks whether they run, milliseconds. */
const LOOK_MS = 10;

/** Why this file cannot be executed; null: it can. */
function obstacle(path: string): string | null {
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
    const found = obstacle(path);
    if (found === null) return path;
    if (found !== "ENOENT") reason = found;
  }
  throw new CommandError(shownValue(name), reason);
}

/** A command. It waits until {@linkcode FollowedCommand.start}. */
export class FollowedCommand {
  readonly #words: readonly string[];
  readonly #native: NativeCommand;
  #followed: Followed | undefined;
  #state: "waiting" | "started" | "ended" = "waiting";
  /** Resolves with the exit code. */
  readonly #status: Promise<number>;

  private constructor(words: readonly string[], session: Session) {
    this.#words = words;
    this.#native = new NativeCommand(findCommand(words[0]!), words);
    this.#status = this.#watch(session);
  }

  /**
   * Forks a process for the command, with the privileges that ktop has now. The session ends with it.
   *
   * @throws {CommandError} there is no such command, or it cannot be executed
   * @throws {PermissionError} ktop may not load BPF programs
   * @throws {BpfError} the process cannot be made or followed
   */
  static async launch(words: readonly string[], session: Session): Promise<FollowedCommand> {
    const command = new FollowedCommand(words, session);
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
  get running(): boolean {
    return this.#state !== "ended";
  }

  /** Executes the command and follows it from there. @throws {CommandError} it cannot be executed */
  async start(): Promise<void> {
    if (!await this.#native.prepare()) return;
    this.followed.followChild();
    this.#state = "started";
    const errno = await this.#native.execute();
    if (errno !== null) throw new CommandError(shownValue(this.#words[0]!), errno);
  }

  /** Ends the session with the command, or soon after it if there are children that it did not wait for. */
  async #watch(session: Session): Promise<number> {
    const code = await this.#native.wait();
    const hasStarted = this.#state === "started";
    this.#state = "ended";
    Deno.exitCode = hasStarted || code !== 0 ? code : ExitCode.failure;
    for (let waited = 0; hasStarted && waited < CHILDREN_MS && !session.ended; waited += LOOK_MS) {
      if (!this.#followed?.hasRunning()) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    session.end();
    return code;
  }

  /** Follows the command no longer and waits for its end. One that was not started is not executed any more. */
  async finish(): Promise<void> {
    if (this.#state === "waiting") this.#native.cancel();
    this.#followed?.close();
    this.#followed = undefined;
    await this.#status;
  }
}

/** The options, with the filter for the processes of the command, if there is one. */
export function followOnly(options: ToolOptions, command: FollowedCommand | undefined): ToolOptions {
  return command ? { ...options, filters: { ...options.filters, followed: command.followed } } : options;
}

/**
 * Runs `work` with the command that was given after `--`, if any, and waits for the command's end.
 *
 * @throws what {@linkcode FollowedCommand.launch} and `work` throw
 */
export async function withCommand(
  words: readonly string[] | undefined,
  session: Session,
  work: (command: FollowedCommand | undefined) => Promise<void>,
): Promise<void> {
  if (words === undefined) return await work(undefined);
  const command = await FollowedCommand.launch(words, session);
  try {
    await work(command);
  } finally {
    await command.finish();
  }
}

/**
 * The processes of a command that ktop starts: bpf/follow.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { assertPrivileges } from "./capabilities.ts";
import { BpfObject } from "./object.ts";
import { explainOnOldKernel } from "./old_kernel.ts";

const PROGRAMS = ["fork", "exit", "free"].map((event) => `sched_process_${event}__tracepoint`);
const MAP = "followed";

/** Follows a child of this process, and its children, in the kernel. */
export class Followed {
  /** The programs and their map. Its losses are processes that are not followed. */
  readonly object: BpfObject;
  /** The command. */
  readonly words: readonly string[];

  private constructor(words: readonly string[], object: BpfObject) {
    this.words = words;
    this.object = object;
  }

  /**
   * Attaches the programs, which follow nothing yet.
   *
   * @param words the command, for recordings
   * @param pid the child's process id in ktop's pid namespace
   * @throws {PermissionError} this process may not load BPF programs
   * @throws {BpfError} the kernel refused
   */
  static async attach(words: readonly string[], pid: number): Promise<Followed> {
    assertPrivileges();
    const object = BpfObject.open("follow");
    try {
      object.constant("child_pid", pid);
      for (const program of [...PROGRAMS, "follow_child"]) object.setAutoload(program, true);
      await object.load();
      for (const program of PROGRAMS) await object.attach(program);
      return new Followed(words, object);
    } catch (error) {
      object.close();
      throw explainOnOldKernel("ktop", error, Deno.osRelease());
    }
  }

  /** Lets a tool's programs use the map: `filter_followed` of bpf/lib/filter.bpf.h. Before `object` is loaded. */
  shareWith(object: BpfObject): void {
    object.shareMap(MAP, this.object);
  }

  /** Starts to follow the child, which must be one of the calling thread. @throws {BpfError} it has ended */
  followChild(): void {
    this.object.run("follow_child");
    if (this.object.global("found_child")() === 0n) throw new BpfError("follow the command", "ESRCH");
  }

  /** Whether any process that is followed has not exited. */
  hasRunningProcesses(): boolean {
    const { count, values } = this.object.map(MAP).entries();
    return new Uint8Array(values.buffer, values.byteOffset, count).includes(0);
  }

  /** How often the kernel has skipped a run of the programs. */
  skippedRuns(): bigint {
    return PROGRAMS.reduce((sum, program) => sum + this.object.missesReader(program)(), 0n);
  }

  /** What a recording has of it. */
  toJSON(): readonly string[] {
    return this.words;
  }

  /** Detaches the programs; may be called twice. */
  close(): void {
    this.object.close();
  }
}

/**
 * The paths of cgroups that are created while ktop runs. Source: bpf/cgroups/cgroups.bpf.c. It is no tool: it serves the tools whose rows
 * have a process.
 *
 * @module
 */
import {
  type Attached,
  attachTool,
  type BpfObject,
  type Hook,
  type RingArrival,
  type RingBuffer,
} from "../../bpf/mod.ts";
import { KtopError } from "../../errors.ts";
import { CgroupEvent } from "./layout.gen.ts";

const MKDIR = "cgroup_mkdir__tracepoint";
const RMDIR = "cgroup_rmdir__tracepoint";

const HOOKS: readonly Hook[] = [{ name: "cgroup_mkdir", tiers: { tracepoint: [{ all: [MKDIR] }] } }];

/** Cgroups with a verdict. */
const MAX_VERDICTS = 16_384;

const DECIDING_HOOKS: readonly Hook[] = [{
  name: "cgroup_mkdir and cgroup_rmdir",
  tiers: { tracepoint: [{ all: [MKDIR, RMDIR], maxEntries: { cgroup_verdicts: MAX_VERDICTS } }] },
}];

/**
 * Receives a path: that of the cgroup with this id in this hierarchy (0: cgroup v2), as bytes without NUL, from the hierarchy's root.
 */
export type OnCgroup = (hierarchy: number, id: number, path: Uint8Array) => void;

/** Records of the ring that are read at once: all that it holds. */
const MAX_RECORDS = 64;

/** Reads what the programs report. */
export class CgroupWatch {
  readonly #attached: Attached;
  readonly #ring: RingBuffer;
  readonly #onCgroup: OnCgroup;

  private constructor(attached: Attached, onCgroup: OnCgroup) {
    this.#attached = attached;
    this.#ring = attached.object.map("events").openRing({ awaited: false });
    this.#onCgroup = onCgroup;
  }

  /** Attaches the programs. Null: this kernel or these privileges do not allow it. */
  static async open(onCgroup: OnCgroup): Promise<CgroupWatch | null> {
    try {
      const attached = await attachTool({ tool: "cgroups", hooks: HOOKS, constants: {} });
      return new CgroupWatch(attached, onCgroup);
    } catch (error) {
      if (error instanceof KtopError) return null;
      throw error;
    }
  }

  /**
   * Attaches the programs with the map of verdicts.
   *
   * @param hierarchy the number of the hierarchy of the verdicts
   * @throws {PermissionError | UnsupportedError | BpfError} as attachTool()
   */
  static async openDeciding(hierarchy: number, onCgroup: OnCgroup): Promise<CgroupWatch> {
    const constants = { naming_hierarchy: hierarchy, decides: true };
    return new CgroupWatch(
      await attachTool({ tool: "ktop", object: "cgroups", hooks: DECIDING_HOOKS, constants }),
      onCgroup,
    );
  }

  /** The programs and their maps. */
  get object(): BpfObject {
    return this.#attached.object;
  }

  /** Waits for a cgroup that is created. Null: the ring must be polled. */
  arrival(): RingArrival | null {
    return this.#ring.arrival();
  }

  /** Passes on the cgroups that were created since the last call. */
  drain(): void {
    if (this.#ring.backlog === 0) return;
    this.#ring.consume((view, at, length) => {
      const event = new CgroupEvent(view, at, length);
      const { offset, length: room } = CgroupEvent.layout.members.path;
      if (event.length <= 1 || event.length >= room) return; // unreadable, or cut
      const path = new Uint8Array(view.buffer, view.byteOffset + at + offset, event.length - 1);
      this.#onCgroup(event.hierarchy, event.id, path.slice());
    }, MAX_RECORDS);
  }

  /** Detaches the programs. */
  close(): void {
    this.#attached.close();
  }
}

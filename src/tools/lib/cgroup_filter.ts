/**
 * Which cgroups pass the filters by container, unit and pod: decided here by name, and applied in the kernel by id (bpf/lib/filter.bpf.h).
 * All tools of a ktop have the same filters and share one map.
 *
 * A new cgroup is undecided until the kernel's report of it is read. The events of tools whose rows name the cgroup pass until then, and
 * their rows are dropped here, so that their counts are exact. Other tools count what an undecided cgroup does only if the filters
 * just exclude.
 *
 * @module
 */
import type { BpfMap, BpfObject, RingArrival } from "../../bpf/mod.ts";
import type { CgroupName, Cgroups } from "../../cgroups/mod.ts";
import { BpfError } from "../../errors.ts";
import { type FlagValue, type Row, type ToolInfo, unknownReason } from "../../model/mod.ts";
import { escapeText } from "../../text/mod.ts";
import { judge, onlyExclude, type Term } from "./cgroup_terms.ts";
import type { CgroupWatch } from "./cgroup_watch.ts";

type Flags = Readonly<Record<string, FlagValue>>;

/** enum cgroup_verdict of bpf/lib/cgroup_verdict.h */
const VERDICT = { undecided: 0, wanted: 1, unwanted: 2, settled: 4 } as const;
const MAP = "cgroup_verdicts";
/** Decisions that are remembered for rows. */
const MAX_DECIDED = 16_384;
/** Time between two looks at the ring where ktop cannot wait for a record, milliseconds. */
const POLL_MS = 20;

const keyOf = (id: number): Uint8Array => new Uint8Array(BigUint64Array.of(BigInt(id)).buffer);

/** The filters of a running ktop. */
export class CgroupFilter {
  readonly #terms: readonly Term[];
  readonly #cgroups: Cgroups;
  readonly #watch: CgroupWatch;
  readonly #map: BpfMap;
  /** Whether rows of a cgroup are wanted, in the order of the decisions. */
  readonly #decided = new Map<number, boolean>();
  readonly #met = new Set<Term>();
  /** Resolves when it has decided for all cgroups that existed at its start. */
  readonly ready: Promise<void>;
  #arrival: RingArrival | null = null;
  #isClosed = false;

  /** Decides for all cgroups that exist, and from then on for new ones. */
  constructor(terms: readonly Term[], cgroups: Cgroups, watch: CgroupWatch) {
    this.#terms = terms;
    this.#cgroups = cgroups;
    this.#watch = watch;
    this.#map = watch.object.map(MAP);
    const keptOfWanted = onlyExclude(terms) ? "path" : "name";
    this.ready = cgroups.list((id, name) => this.#decide(id, name, true) ? keptOfWanted : null);
    this.#follow();
  }

  /** Lets a tool's programs use the map. Before `object` is loaded. */
  shareWith(object: BpfObject): void {
    object.shareMap(MAP, this.#watch.object);
  }

  /** The names of which no cgroup exists, as sentences. */
  get absent(): string[] {
    return this.#terms.filter((term) => !term.negated && !this.#met.has(term)).map(({ kind, value }) =>
      `${kind} ${escapeText(value)}: there is none now, and ktop waits for it`
    );
  }

  /**
   * The constants of a tool's programs, in addition to those of filterConstants().
   *
   * @param tool with the columns for its options
   */
  constantsFor(tool: ToolInfo, flags: Flags): { readonly filter_undecided_pass: boolean } {
    return { filter_undecided_pass: onlyExclude(this.#terms) || namesCgroups(tool, flags) };
  }

  /** Whether a row is wanted, by the cgroup that it names. */
  passes({ cgroup_id: id, pid }: Row): boolean {
    if (typeof id !== "number") return true;
    const known = this.#decided.get(id);
    if (known !== undefined) return known;
    this.#watch.drain();
    const decided = this.#decided.get(id);
    if (decided !== undefined) return decided;
    const name = this.#cgroups.nameOf(id, typeof pid === "number" ? pid : null);
    return name === null ? onlyExclude(this.#terms) : this.#decide(id, name, false);
  }

  /** A cgroup was created, or its name is final. */
  named(id: number): void {
    const name = this.#cgroups.nameOf(id, null);
    if (name !== null) this.#decide(id, name, false);
  }

  /** Stops deciding for new cgroups. */
  close(): void {
    this.#isClosed = true;
    this.#arrival?.cancel();
  }

  /** @param inserts whether the map may get an entry: the BPF program inserts those of new cgroups */
  #decide(id: number, name: CgroupName, inserts: boolean): boolean {
    for (const term of this.#terms) if (term.matches(name)) this.#met.add(term);
    const { wanted, settled } = judge(this.#terms, name);
    // The container's name, once it is known, may make it wanted, or exclude it.
    const isOpen = this.#cgroups.isProvisional(id) &&
      !(wanted && this.#terms.every(({ negated }) => !negated));
    if (!isOpen) this.#remember(id, wanted);
    const verdict = isOpen
      ? VERDICT.undecided
      : (wanted ? VERDICT.wanted : VERDICT.unwanted) | (settled ? VERDICT.settled : 0);
    const key = keyOf(id);
    try {
      // An entry that is inserted for a cgroup that has been removed would stay.
      if (inserts || this.#map.lookup(key) !== null) this.#map.update(key, Uint8Array.of(verdict));
    } catch (error) {
      // The map is full: the cgroup stays undecided in the kernel.
      if (!(error instanceof BpfError)) throw error;
    }
    return wanted;
  }

  #remember(id: number, wanted: boolean): void {
    this.#decided.delete(id);
    this.#decided.set(id, wanted);
    const [oldest] = this.#decided.keys();
    if (this.#decided.size > MAX_DECIDED) this.#decided.delete(oldest!);
  }

  /** Decides for new cgroups as soon as the kernel reports them, while the state files of their runtime exist. */
  async #follow(): Promise<void> {
    while (!this.#isClosed) {
      this.#arrival = this.#watch.arrival();
      await (this.#arrival?.arrived ??
        new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, POLL_MS))));
      if (!this.#isClosed) this.#watch.drain();
    }
  }
}

/** Whether each row of a tool has the cgroup that was counted, and nothing else is made of the events. */
function namesCgroups(tool: ToolInfo, flags: Flags): boolean {
  const { columns, view, flame } = tool;
  const column = columns.find(({ key }) => key === "cgroup_id");
  if (column === undefined || view === "histogram" || flame) return false;
  return unknownReason(tool, column, flags) === null;
}

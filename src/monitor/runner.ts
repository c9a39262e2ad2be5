/**
 * One attached tool: turns its samples into ticks.
 *
 * @module
 */
import { type Attached, attachTool, type BpfObject, type VmlinuxBtf } from "../bpf/mod.ts";
import { makeTick, type RowOrder, type StreamedTick, type Tick } from "../model/mod.ts";
import {
  type Backlog,
  followCgroups,
  type Following,
  hasTerms,
  hasWho,
  hooksOf,
  locateFilters,
  type OnArrival,
  passesCgroupFilter,
  type QueueLimits,
  type Sampler,
  type Tool,
  type ToolOptions,
  withColumnsFor,
} from "../tools/mod.ts";
import { LossReader } from "./losses.ts";
import { growRing, type ToolLimits } from "./memory.ts";
import type { ProbeCounts } from "./probes.ts";

/** Limits of an attached tool, whose history is kept elsewhere. */
type RunnerLimits = Omit<ToolLimits, "history">;

/** An attached tool. Made by {@linkcode Runner.open}, read by {@linkcode Runner.tick}. */
export class Runner<S = unknown> {
  /** The tool with the columns for its options. */
  readonly tool: Tool<S>;
  readonly #options: ToolOptions;
  readonly #attached: Attached;
  readonly #sampler: Sampler<S>;
  readonly #losses: LossReader;
  readonly #absent: readonly string[];
  readonly #following: Following | null;
  #previous: S;
  #mapBytes: number | null = null;
  /** Monotonic milliseconds of the previous sample. */
  #sampledAt: number;
  #isFirst = true;

  /** @param following ended when it is closed */
  private constructor(
    tool: Tool<S>,
    options: ToolOptions,
    attached: Attached,
    limits: QueueLimits,
    following: Following | null,
  ) {
    this.#following = following;
    this.tool = withColumnsFor(tool, options);
    this.#options = options;
    this.#attached = attached;
    this.#absent = tool.absent?.(options) ?? [];
    this.#sampler = tool.sampler(attached, options);
    this.limit(limits);
    this.#losses = new LossReader(attached, options.filters.followed);
    this.#previous = this.#sampler.sample();
    this.#losses.take();
    this.#sampledAt = performance.now();
  }

  /**
   * Attaches the tool and takes its first sample, which starts the first interval.
   *
   * @param limits `queue`: see {@linkcode Runner.limit}.
   * @throws UsageError or KtopError if the options cannot work, PermissionError, UnsupportedError, BpfError, VerifierError.
   */
  static async open<S>(tool: Tool<S>, given: ToolOptions, limits: RunnerLimits): Promise<Runner<S>> {
    const options = { ...given, filters: await locateFilters(given.filters) };
    const constants = tool.configure(options);
    const { name, object } = tool;
    const hooks = hooksOf(tool, options);
    const adapt = (types: VmlinuxBtf) => tool.adapt?.(types, options) ?? {};
    const prepared = tool.prepare?.();
    const { followed } = options.filters;
    const isFiltered = hasTerms(options.filters);
    let following = isFiltered ? await followCgroups(options.filters) : null;
    const filter = following?.filter;
    const prepare = (object: BpfObject) => {
      growRing(object, limits);
      followed?.shareWith(object);
      filter?.shareWith(object);
    };
    let attached: Attached | undefined;
    try {
      attached = await attachTool({
        tool: name,
        object,
        hooks,
        constants: { ...constants, ...filter?.constantsFor(withColumnsFor(tool, options), options.flags) },
        adapt,
        tier: options.tier,
        prepare,
      });
      if (!isFiltered && hasWho(tool)) following = await followCgroups();
      await prepared;
      await filter?.ready;
      await tool.prepareAttached?.();
      return new Runner(tool, options, attached, limits.queue, following);
    } catch (error) {
      attached?.close();
      following?.end();
      throw error;
    }
  }

  /** The tier in use: `fentry`, or `fentry+kprobe` if hooks use different tiers. */
  get tier(): string {
    return this.#attached.tier;
  }

  /** What is missing now because an optional hook did not attach or the machine does not have it, each with the reason. */
  get missing(): readonly string[] {
    const unmet = this.#following?.filter?.absent ?? [];
    return [
      ...this.#absent,
      ...unmet,
      ...this.#attached.missing.map(({ what, reason }) => `${what}: ${reason}`),
    ];
  }

  /** The kernel's counters of each attached program; they advance only while run-time statistics are on. */
  programCounts(): ProbeCounts[] {
    const { object, programs } = this.#attached;
    return programs.map(({ name }) => ({
      ...object.programStats(name),
      tool: this.tool.name,
      program: name,
      section: object.programs.find((program) => program.name === name)?.section ?? "",
    }));
  }

  /** Kernel memory of its maps and ring buffers, bytes, whose sizes do not change; null if unknown. */
  get mapBytes(): number | null {
    return this.#mapBytes ??= this.#attached.object.mapBytes();
  }

  /** Drains the ring buffer between ticks, until `deadline` (monotonic milliseconds) at the latest. */
  poll(deadline: number): Backlog {
    return this.#sampler.poll?.(deadline) ?? "empty";
  }

  /** Sets from when rows count their seconds; see {@linkcode Sampler.countFrom}. Null: the tool has no such rows. */
  countFrom(startNs: number | null): number | null {
    return this.#sampler.countFrom?.(startNs) ?? null;
  }

  /** Limits the events kept between ticks. Where rows are summed for a graph, `newest` does not apply. */
  limit({ bytes, newest }: QueueLimits): void {
    const all = newest === undefined || this.tool.graph.length > 0;
    this.#sampler.limit?.(all ? { bytes } : { bytes, newest });
  }

  /** Passes each event on when it arrives; see {@linkcode Sampler.watch}. Other tools than those with events ignore it. */
  watch(onArrival: OnArrival | null, orders: readonly RowOrder[] = []): boolean {
    return this.#sampler.watch?.(onArrival, orders) ?? true;
  }

  /** The next tick is the last one: it also has the rows of what has not ended. */
  finish(): void {
    this.#sampler.finish?.();
  }

  /** Ends the interval: samples, derives, counts losses. */
  tick(): Tick {
    this.#following?.read();
    const sample = this.#sampler.sample();
    const now = performance.now();
    const lost = this.#losses.take();
    const droppedRows = this.#sampler.dropped?.();
    const all = this.tool.derive(sample, this.#previous, this.#options);
    const derived = this.#following?.filter ? { ...all, rows: all.rows.filter(passesCgroupFilter) } : all;
    const tick = makeTick(this.tool, {
      time: Date.now(),
      intervalS: (now - this.#sampledAt) / 1000,
      tier: this.tier,
      lost,
      droppedRows,
      mapFill: this.#sampler.fill?.(sample),
    }, derived);
    this.#previous = this.#sampler.previous?.(sample) ?? sample;
    this.#sampledAt = now;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst ? { ...tick, isFirst } : tick;
  }

  /** As {@linkcode Runner.tick}; the rows of a tool with events are decoded as they are iterated. Iterate them before the next tick. */
  tickStreamed(): StreamedTick {
    const rows = this.#sampler.stream?.();
    const tick = this.tick();
    return rows ? { ...tick, rows } : tick;
  }

  /** Detaches every program and frees every map. May be called twice. */
  close(): void {
    this.#attached.close();
    this.#following?.end();
  }
}

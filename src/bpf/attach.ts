/**
 * The loader: attaches each hook of a tool by the best programs that this kernel accepts. A program that the kernel
 * refuses is excluded and the rest is tried again, so that one program never stops the others.
 *
 * @module
 */
import { BpfError, isExhausted } from "../errors.ts";
import { isShortOfDescriptors } from "../ffi/mod.ts";
import type { TierName } from "../model/mod.ts";
import { loadBtf, type VmlinuxBtf } from "./btf.ts";
import { assertPrivileges } from "./capabilities.ts";
import type { ConstantValue } from "./constants.ts";
import { type Features, probeFeatures } from "./features.ts";
import type { Hook } from "./hooks.ts";
import { isKprobeMulti, kprobeTarget } from "./link.ts";
import { BpfObject } from "./object.ts";
import { explainOnOldKernel } from "./old_kernel.ts";
import { joinTiers } from "./plan.ts";
import { type Choice, type Missing, Selection } from "./selection.ts";
import { kernelSymbols } from "./symbols.ts";
import { type SharedMember, sharesTracepoint, shareTracepoint } from "./syscalls.ts";

/** What to attach. */
export interface AttachRequest {
  /** Name of the tool, for messages. */
  readonly tool: string;
  /** Name of the BPF object if it differs from the tool's. */
  readonly object?: string;
  readonly hooks: readonly Hook[];
  /** Values of `const volatile` globals, by name. */
  readonly constants: Readonly<Record<string, ConstantValue>>;
  /** Values of more globals, which depend on the kernel's types. */
  readonly adapt?: (types: VmlinuxBtf) => Readonly<Record<string, ConstantValue>>;
  /** `--tier`: no other is used. */
  readonly tier?: TierName;
  /** Called on each attempt between opening and loading: the place for setMaxEntries. */
  readonly prepare?: (object: BpfObject) => void;
}

/** The attached programs of a tool. */
export interface Attached {
  readonly object: BpfObject;
  /** "fentry", or "fentry+kprobe" if hooks use different tiers. */
  readonly tier: string;
  /** The tier of each hook, by its name; null: not observed. */
  readonly hooks: ReadonlyMap<string, TierName | null>;
  /** Optional hooks that are not observed. */
  readonly missing: readonly Missing[];
  /** The programs that are attached, with their ids in the kernel; those that share a tracepoint are not among them. */
  readonly programs: readonly { readonly name: string; readonly id: number }[];
  /**
   * How often the kernel has skipped a run of its programs, because the program had been interrupted on that CPU by another task.
   * Those that share a tracepoint are skipped for all tools, and for all calls that any of them reports.
   */
  skippedRuns(): bigint;
  /** Detaches and unloads everything; may be called twice. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Attaches a tool. Loading and attaching run in worker threads.
 *
 * @throws {PermissionError} capabilities are missing
 * @throws {UnsupportedError} no tier of this kernel can observe a hook that the tool needs
 * @throws {BpfError} the object cannot be loaded, and no other choice of programs would change that
 */
export async function attachTool(request: AttachRequest): Promise<Attached> {
  return await attachObject(request, () => BpfObject.open(request.object ?? request.tool));
}

/** As {@linkcode attachTool}, with the object opened by `open`, once for each attempt. */
export async function attachObject(request: AttachRequest, open: () => BpfObject): Promise<Attached> {
  assertPrivileges();
  try {
    return await attachWith(request, await probeFeatures(), open);
  } catch (error) {
    throw explainOnOldKernel(request.tool, error, Deno.osRelease());
  }
}

async function attachWith(
  request: AttachRequest,
  features: Features,
  open: () => BpfObject,
): Promise<Attached> {
  const selection = new Selection(request, features, Deno.osRelease());
  selection.choose(); // throws before anything is opened if the kernel supports no tier
  let constants: AttachRequest["constants"] | null = null;
  for (;;) {
    const object = open();
    try {
      if (constants === null) {
        excludeKprobeMulti(object, selection, features);
        using types = await loadBtf();
        constants = { ...request.constants, ...request.adapt?.(types) };
        await excludeAbsent(object, selection, types);
      }
      const attached = await attempt(object, { ...request, constants }, selection);
      if (attached !== null) return attached;
    } catch (error) {
      object.close();
      throw error;
    }
    object.close();
  }
}

/**
 * Loads and attaches the current choice. On a failure that another choice may avoid, excludes the program at fault.
 *
 * @returns null: choose and try again
 */
async function attempt(
  object: BpfObject,
  request: AttachRequest,
  selection: Selection,
): Promise<Attached | null> {
  const choice = selection.choose();
  const constants = [request.constants, ...choice.hooks.map(({ set }) => set.constants ?? {})];
  for (const [name, value] of constants.flatMap(Object.entries)) object.constant(name, value);
  const shared = choice.programs.filter((program) => sharesTracepoint(object, program));
  if (shared.length > 0) object.constant("shares_tracepoints", true);
  const sizes = choice.hooks.flatMap(({ set }) => Object.entries(set.maxEntries ?? {}));
  for (const [map, entries] of sizes) object.setMaxEntries(map, entries);
  for (const program of choice.programs) object.setAutoload(program, true);
  request.prepare?.(object);
  const failure = await object.tryLoad();
  if (failure !== null) {
    const { program, reason, error } = failure;
    assertResources(error, choice.programs.length);
    if (program === null || !selection.exclude(program, reason, error)) throw error;
    return null;
  }
  const sets = new Map(choice.hooks.flatMap(({ set }) => set.all.map((each) => [each, set])));
  const running: string[] = [];
  const sharing: SharedMember[] = [];
  for (const program of choice.programs) {
    try {
      if (shared.includes(program)) {
        const member = await shareTracepoint(request.tool, object, program);
        object.adopt(member);
        sharing.push(member);
      } else {
        await object.attach(program, sets.get(program));
        running.push(program);
      }
    } catch (error) {
      if (!(error instanceof BpfError) || error.errno === "ECANCELED") throw error;
      assertResources(error, choice.programs.length);
      selection.exclude(program, error.message, error);
      if (Selection.needs(choice, program)) return null;
    }
  }
  return describe(request, object, { choice, running, sharing });
}

/** Descriptors that loading a tool takes besides its programs: maps, types, libbpf's own feature tests. */
const OTHER_DESCRIPTORS = 16;

/**
 * Throws the error of an attempt that failed because descriptors or memory are exhausted, which proves nothing about the kernel. Out of descriptors,
 * libbpf's own feature tests fail too, and later steps with any errno.
 */
function assertResources(error: BpfError, programs: number): void {
  if (isExhausted(error)) throw error;
  if (!isShortOfDescriptors(programs + OTHER_DESCRIPTORS)) return;
  throw new BpfError(error.operation, "EMFILE", { detail: error.message, cause: error });
}

function describe(
  request: AttachRequest,
  object: BpfObject,
  { choice, running, sharing }: {
    choice: Choice;
    running: readonly string[];
    sharing: readonly SharedMember[];
  },
): Attached {
  const hooks = new Map<string, TierName | null>();
  for (const { hook, tier } of choice.hooks) hooks.set(hook.name, tier);
  for (const { hook } of choice.missing) hooks.set(hook, null);
  const skippedRuns = [
    ...running.map((name) => object.missesReader(name)),
    ...sharing.map((member) => member.skippedRuns),
  ];
  return {
    object,
    tier: joinTiers(request.hooks, (hook) => hooks.get(hook.name) ?? null),
    hooks,
    missing: choice.missing,
    programs: running.map((name) => ({ name, id: object.programStats(name).id })),
    skippedRuns: () => skippedRuns.reduce((sum, read) => sum + read(), 0n),
    close: () => object.close(),
    [Symbol.dispose]: () => object.close(),
  };
}

const FENTRY = /^f(?:entry|exit)\/(\w+)$/;
const TP_BTF = /^tp_btf\/(\w+)$/;

/** The target of a program's section if it is missing from the kernel's types; null if it exists or the section names none. */
function absentFrom(types: VmlinuxBtf, section: string): string | null {
  const target = FENTRY.exec(section)?.[1];
  if (target !== undefined) return types.hasFunction(target) ? null : `function ${target}`;
  const tracepoint = TP_BTF.exec(section)?.[1];
  if (tracepoint === undefined || types.hasType(`btf_trace_${tracepoint}`)) return null;
  return `tracepoint ${tracepoint}`;
}

/** Excludes the programs that need kprobe.multi where the kernel has none. */
function excludeKprobeMulti(object: BpfObject, selection: Selection, { kprobeMulti }: Features): void {
  if (kprobeMulti.answer !== "no") return;
  for (const { name, section } of object.programs) {
    if (isKprobeMulti(section)) selection.exclude(name, kprobeMulti.detail);
  }
}

/** Excludes the programs whose kernel function or tracepoint does not exist: each would cost a failed load. */
async function excludeAbsent(object: BpfObject, selection: Selection, types: VmlinuxBtf): Promise<void> {
  const { programs } = selection.choose();
  for (const { name, section } of object.programs) {
    const absent = programs.includes(name) ? absentFrom(types, section) : null;
    if (absent !== null) selection.excludeAbsent(name, `this kernel has no ${absent}`);
  }
  const kprobes = object.programs.flatMap(({ name, section }) => {
    const target = kprobeTarget(section);
    return target === null ? [] : [{ name, target }];
  });
  if (!selection.choose().programs.some((program) => kprobes.some(({ name }) => name === program))) return;
  const symbols = await kernelSymbols([...new Set(kprobes.map(({ target }) => target))]);
  for (const { name, target } of kprobes) {
    if (symbols.get(target)?.symbol === null) {
      selection.excludeAbsent(name, `this kernel has no function ${target}`);
    }
  }
}

/**
 * The loader: attaches each hook of a tool by the best programs this kernel takes. What the kernel refuses is left
 * out and the rest tried again, so that one program never takes the others down.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import type { TierName } from "../model/mod.ts";
import { loadBtf, type VmlinuxBtf } from "./btf.ts";
import { assertPrivileges } from "./capabilities.ts";
import type { ConstantValue } from "./constants.ts";
import { probeFeatures } from "./features.ts";
import type { Hook } from "./hooks.ts";
import { kernelSymbols } from "./kallsyms.ts";
import { kprobeTarget } from "./link.ts";
import { BpfObject } from "./object.ts";
import { joinTiers } from "./plan.ts";
import { type Chosen, type Missing, Selection } from "./selection.ts";

/** What to attach. */
export interface AttachRequest {
  /** Name of the tool, for messages. */
  readonly tool: string;
  /** Name of its object, where that is not the tool's. */
  readonly object?: string;
  readonly hooks: readonly Hook[];
  /** Values of `const volatile` globals, by name. */
  readonly constants: Readonly<Record<string, ConstantValue>>;
  /** Values of further globals, which depend on the kernel's types. */
  readonly adapt?: (types: VmlinuxBtf) => Readonly<Record<string, ConstantValue>>;
  /** `--tier`: no other may be used. */
  readonly tier?: TierName;
  /** Called after opening and before loading, again for each attempt: the place for setMaxEntries. */
  readonly prepare?: (object: BpfObject) => void;
}

/** A tool's programs, running. */
export interface Attached {
  readonly object: BpfObject;
  /** `fentry`, or `fentry+kprobe` where hooks differ. */
  readonly tier: string;
  /** The tier of each hook by its name; null: not observed. */
  readonly hooks: ReadonlyMap<string, TierName | null>;
  /** Optional hooks that are not observed. */
  readonly missing: readonly Missing[];
  /** The programs that are attached, with their ids in the kernel. */
  readonly programs: readonly { readonly name: string; readonly id: number }[];
  /** Detaches and unloads everything; may be called again. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Attaches a tool. Loading and attaching run away from the event loop.
 *
 * @throws {PermissionError} capabilities are missing
 * @throws {UnsupportedError} the kernel offers no way to observe what the tool cannot do without
 * @throws {BpfError} the object cannot be loaded for a reason that no other choice of programs would change
 */
export async function attachTool(request: AttachRequest): Promise<Attached> {
  return await attachObject(request, () => BpfObject.open(request.object ?? request.tool));
}

/** As {@linkcode attachTool}, with the object opened by `open`, once for each attempt. */
export async function attachObject(request: AttachRequest, open: () => BpfObject): Promise<Attached> {
  assertPrivileges();
  const selection = new Selection(request, await probeFeatures());
  selection.choose(); // before anything is opened: a kernel that lacks all tiers needs no attempt
  let constants: AttachRequest["constants"] | null = null;
  for (;;) {
    const object = open();
    try {
      if (constants === null) {
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
 * Loads and attaches what is chosen now. On a failure that another choice may avoid, the program at fault is taken
 * out of the selection.
 *
 * @returns null: choose and try again
 */
async function attempt(
  object: BpfObject,
  request: AttachRequest,
  selection: Selection,
): Promise<Attached | null> {
  const chosen = selection.choose();
  const constants = [request.constants, ...chosen.choices.map(({ set }) => set.constants ?? {})];
  for (const [name, value] of constants.flatMap(Object.entries)) object.constant(name, value);
  for (const program of chosen.programs) object.setAutoload(program, true);
  request.prepare?.(object);
  const failure = await object.tryLoad();
  if (failure !== null) {
    const { program, reason, error } = failure;
    if (program === null || !selection.exclude(program, reason, error)) throw error;
    return null;
  }
  const running: string[] = [];
  for (const program of chosen.programs) {
    try {
      await object.attach(program);
      running.push(program);
    } catch (error) {
      if (!(error instanceof BpfError) || error.errno === "ECANCELED") throw error;
      selection.exclude(program, error.message, error);
      if (Selection.needs(chosen, program)) return null;
    }
  }
  return describe(request, object, { chosen, running });
}

function describe(
  request: AttachRequest,
  object: BpfObject,
  { chosen, running }: { chosen: Chosen; running: readonly string[] },
): Attached {
  const hooks = new Map<string, TierName | null>();
  for (const { hook, tier } of chosen.choices) hooks.set(hook.name, tier);
  for (const { hook } of chosen.missing) hooks.set(hook, null);
  return {
    object,
    tier: joinTiers(request.hooks, (hook) => hooks.get(hook.name) ?? null),
    hooks,
    missing: chosen.missing,
    programs: running.map((name) => ({ name, id: object.programStats(name).id })),
    close: () => object.close(),
    [Symbol.dispose]: () => object.close(),
  };
}

const FENTRY = /^f(?:entry|exit)\/(\w+)$/;
const TP_BTF = /^tp_btf\/(\w+)$/;

/** Whether the kernel's types lack what the program of this section attaches to; null: they have it, or do not decide. */
function absentFrom(types: VmlinuxBtf, section: string): string | null {
  const target = FENTRY.exec(section)?.[1];
  if (target !== undefined) return types.hasFunction(target) ? null : `function ${target}`;
  const tracepoint = TP_BTF.exec(section)?.[1];
  if (tracepoint === undefined || types.hasType(`btf_trace_${tracepoint}`)) return null;
  return `tracepoint ${tracepoint}`;
}

/** Takes out the programs whose kernel function or tracepoint does not exist, to spare a failed load for each. */
async function excludeAbsent(object: BpfObject, selection: Selection, types: VmlinuxBtf): Promise<void> {
  const { programs } = selection.choose();
  for (const { name, section } of object.programs) {
    const absent = programs.includes(name) ? absentFrom(types, section) : null;
    if (absent !== null) selection.exclude(name, `this kernel has no ${absent}`);
  }
  const kprobes = object.programs.flatMap(({ name, section }) => {
    const target = kprobeTarget(section);
    return target === null ? [] : [{ name, target }];
  });
  if (!selection.choose().programs.some((program) => kprobes.some(({ name }) => name === program))) return;
  const symbols = await kernelSymbols([...new Set(kprobes.map(({ target }) => target))]);
  for (const { name, target } of kprobes) {
    if (symbols.get(target)?.symbol === null) {
      selection.exclude(name, `this kernel has no function ${target}`);
    }
  }
}

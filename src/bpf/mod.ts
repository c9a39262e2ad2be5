/**
 * The kernel's BPF side as the rest of ktop sees it: objects, maps, ring buffers, links, what this kernel can do,
 * and the loader that picks tiers. No tool, column, screen or output is known here, and no pointer leaves.
 *
 * @module
 */
export { type Attached, type AttachRequest, attachTool } from "./attach.ts";
export { loadBtf, type VmlinuxBtf } from "./btf.ts";
export { assertPrivileges, PRIVILEGE_REMEDY } from "./capabilities.ts";
export type { ConstantValue } from "./constants.ts";
export { possibleCpus } from "./cpus.ts";
export type { Entries } from "./drain.ts";
export { probeFeatures } from "./features.ts";
export type { Features, Hook, Probe, ProgramSet } from "./hooks.ts";
export { BpfLink } from "./link.ts";
export { BpfMap, MapType } from "./map.ts";
export { cgroupDepth, inHostNamespace, learnSelf, type Self } from "./namespaces.ts";
export { BpfObject, type ProgramInfo, type Variable } from "./object.ts";
export { type HookPlan, type Plan, planTool } from "./plan.ts";
export { type OnRecord, RingBuffer } from "./ring_buffer.ts";
export type { Missing } from "./selection.ts";
export { type KernelFunction, SymbolTable } from "./symbols.ts";
export { type ProgramStats, RunTimeStats } from "./stats.ts";
export { errnoName, monotonicNs, openLibbpf, processCpuNs, releaseUnusedCode, setDebug } from "../ffi/mod.ts";

/**
 * BPF for the rest of ktop: objects, maps, ring buffers, links, the features of this kernel,
 * and the loader that chooses tiers. It must not depend on tools, columns, screen or output.
 *
 * @module
 */
export { type Attached, attachObject, type AttachRequest, attachTool } from "./attach.ts";
export { loadBtf, type VmlinuxBtf } from "./btf.ts";
export {
  assertPrivileges,
  capabilityFor,
  type CapabilityName,
  keepOnly,
  PRIVILEGE_REMEDY,
  readEffectiveCapabilities,
} from "./capabilities.ts";
export type { ConstantValue } from "./constants.ts";
export type { Entries } from "./drain.ts";
export { type Features, probeFeatures } from "./features.ts";
export type { Probe } from "./probe.ts";
export { Followed } from "./follow.ts";
export type { Hook, ProgramSet } from "./hooks.ts";
export { BpfLink, detachAfterExit } from "./link.ts";
export { BpfMap, possibleCpus } from "./map.ts";
export { cgroupDepth, identifySelf, inHostNamespace, type Self } from "./namespaces.ts";
export { BpfObject, type Variable } from "./object.ts";
export { isOlder } from "./old_kernel.ts";
export { isOwnCode } from "./own_code.ts";
export { type HookPlan, offeredTiers, type Plan, planTool } from "./plan.ts";
export type { Missing } from "./selection.ts";
export { hidesAddresses, SymbolTable, TRACEABLE } from "./symbols.ts";
export { sharedMapBytes, type SharedProgram, sharedPrograms } from "./syscalls.ts";
export {
  Access,
  accessNeedsCapability,
  bpfNeedsCapability,
  BtfReader,
  type BtfType,
  errnoName,
  hasCapabilities,
  kernelDevice,
  type KernelFunction,
  Kind,
  mayAccess,
  monotonicNs,
  type Mount,
  mountOf,
  NativeCommand,
  type OnRecord,
  pageSize,
  processCpuNs,
  ProcFile,
  type ProgramInfo,
  type ProgramStats,
  readAllMounts,
  readMounts,
  releaseUnusedMemory,
  type RingArrival,
  ringArrival,
  type RingBuffer,
  RunTimeStats,
  setMessageListener,
  startStatsHelper,
  statsOfHelper,
  taskExists,
} from "../ffi/mod.ts";

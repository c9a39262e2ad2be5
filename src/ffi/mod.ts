/**
 * The only room where pointers exist: libbpf, libc, mapped memory and errno. It knows C types and nothing of tools,
 * hooks or tiers; what it exports is used by src/bpf alone. Libraries open lazily, so importing it costs nothing.
 *
 * @module
 */
export { monotonicNs, processCpuNs } from "./clock.ts";
export { errnoName, errnoNumber } from "./errno.ts";
export { bpf, type Handle, openLibbpf } from "./libbpf.ts";
export { libc, pageSize, perfEventOpen, trimHeap } from "./libc.ts";
export { cString, Mapping, readBytes, readCString, struct } from "./memory.ts";
export { releaseUnusedCode } from "./resident.ts";
export { type Captured, captureMessages, setDebug } from "./messages.ts";

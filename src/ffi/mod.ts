/**
 * Native code: libbpf, libc, mapped memory and errno. Every pointer and every offset of a C struct is in this room and
 * none leaves it: exports take and return plain values, copies of bytes, and objects with a lifetime. It does not depend on
 * hooks, tiers or tools. Libraries open on first use, so importing it costs nothing.
 *
 * @module
 */
export { NativeBtf } from "./btf.ts";
export { BtfReader, type BtfType, Kind } from "./btf_types.ts";
export { checkResult, errnoName, errnoNumber } from "./errno.ts";
export { embeddedLibraries, type EmbeddedLibrary } from "./libraries.ts";
export { type FileStatus, inodeOf, ReadOnlyFile, type SymbolicLinks } from "./files.ts";
export { FileLock } from "./file_lock.ts";
export { NativeCommand } from "./launch.ts";
export { type DirectoryStatus, directoryStatus, subdirectories, type Subdirectory } from "./directories.ts";
export { NativeLink } from "./link.ts";
export { ListeningSocket, type SocketAddress, type SocketConnection } from "./listening_socket.ts";
export { type MapInfo, MapType, NativeMap } from "./map.ts";
export { localZone } from "./local_time.ts";
export { captureWarnings, exclusive, setMessageListener } from "./messages.ts";
export { type KernelFunction, NativeObject, type ProgramInfo } from "./object.ts";
export {
  Access,
  accessNeedsCapability,
  bpfNeedsCapability,
  hasCapabilities,
  isReduced,
  mayAccess,
  reducePrivileges,
} from "./privileges.ts";
export { notifyServiceManager } from "./service_manager.ts";
export {
  isShortOfDescriptors,
  monotonicNs,
  pageSize,
  processCpuNs,
  releaseUnusedMemory,
  taskExists,
  threadCpuNs,
} from "./process.ts";
export { kernelDevice, type Mount, mountOf, parseMountinfo, readAllMounts, readMounts } from "./mounts.ts";
export { ProcFile } from "./proc_file.ts";
export { renamedVariables, restartWithoutRuntimeVariables } from "./restart.ts";
export { type RingArrival, ringArrival } from "./ring_arrivals.ts";
export { type OnRecord, RingBuffer } from "./ring_buffer.ts";
export { forkDescriptorHolder } from "./detach.ts";
export { startStatsHelper, statsOfHelper } from "./stats_helper.ts";
export {
  type EndSignal,
  extendGuard,
  guardSignals,
  guardTerminal,
  isIgnored,
  resetSignals,
} from "./signals.ts";
export {
  attachKprobeMulti,
  attachRaw,
  AttachType,
  closeDescriptorAsync,
  type CodeRange,
  createMap,
  enableRunTimeStats,
  findFunctionId,
  type Instruction,
  loadProgram,
  openCpuClock,
  openKprobe,
  type ProgramStats,
  ProgramType,
  RunTimeStats,
} from "./syscalls.ts";
export { terminalWriter, writeNow, writeSome } from "./write.ts";

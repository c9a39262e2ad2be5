/**
 * mountsnoop: calls that mount, unmount and change mounts, like BCC's mountsnoop. Source: bpf/mountsnoop/mountsnoop.bpf.c.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import type { Column, Row } from "../../model/mod.ts";
import { COMM, PID, PPID, SYSCALL, TID, TIME } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import { type SyscallFunctions, syscallHook } from "../lib/hooks.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { callName, describeCall, type MountCall } from "./calls.ts";
import { MountsnoopEvent } from "./layout.gen.ts";

const SYSCALLS: SyscallFunctions = {
  native: [
    "mount",
    "umount",
    "fsopen",
    "fspick",
    "fsconfig",
    "fsmount",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "open_tree_attr",
    "pivot_root",
  ],
  compat: [
    "sys_mount",
    "sys_umount",
    "sys_oldumount",
    "sys_fsopen",
    "sys_fspick",
    "sys_fsconfig",
    "sys_fsmount",
    "sys_move_mount",
    "sys_open_tree",
    "sys_mount_setattr",
    "sys_open_tree_attr",
    "sys_pivot_root",
  ],
};

const UNSEEN =
  "does not see the kernel's own mounts and, on arm64, calls by 32-bit programs; marks strings longer than " +
  "4095 bytes as cut; leaves out statmount and listmount, which only query";

const COLUMNS: readonly Column[] = [
  { ...TIME, shown: "wide" },
  COMM,
  PID,
  TID,
  { ...PPID, shown: "data" },
  {
    key: "mnt_ns",
    title: "MNT_NS",
    description: "Inode number of the caller's mount namespace, as in /proc/PID/ns/mnt.",
    unit: "id",
    width: 11,
    priority: -2,
    align: "left",
  },
  { ...SYSCALL, width: 14, shown: "data" },
  {
    key: "ret",
    title: "RET",
    description: "Result of the call: 0, a file descriptor, or a negative error number.",
    unit: "id",
    names: "result",
    width: 8,
    align: "right",
    shown: "data",
  },
  {
    key: "call",
    title: "CALL",
    description: "The call with its arguments and its result.",
    unit: "text",
    width: 40,
    priority: 3,
    align: "left",
  },
  ...WHO,
];

function readCall(event: MountsnoopEvent): MountCall {
  const texts = event.trailingTexts();
  const registers = event.exact("arguments");
  return {
    call: event.call,
    registers,
    strings: registers.map((_, i) => event.strings & (1 << i) ? texts.shift() : undefined),
    cut: event.cut,
    attr: event.attr_known === 1 ? event.attr.counters() : null,
    ret: event.ret,
  };
}

/** Makes the row of an event. */
export const readEvent: ReadEvent<MountsnoopEvent> = (event, clock) => {
  const call = readCall(event);
  return {
    time: clock.iso(event.time_ns),
    comm: event.comm,
    ...whoOf(event, event.pid),
    pid: event.pid,
    tid: event.tid,
    ppid: event.ppid,
    mnt_ns: event.mnt_ns,
    syscall: callName(call.call),
    ret: call.ret,
    call: describeCall(call),
  };
};

function configure({ filters, flags }: ToolOptions): Constants {
  const parent = flags["parent-pid"] as number | undefined;
  if (parent === undefined) return filterConstants(filters);
  if (filters.ppid !== undefined) throw new UsageError("--parent-pid and --ppid exclude each other.");
  return filterConstants({ ...filters, ppid: parent }, "--parent-pid");
}

export const mountsnoop: Tool<readonly Row[]> = {
  name: "mountsnoop",
  summary: "calls that mount, unmount and change mounts",
  searchWords: "umount container namespace",
  examples: [
    {
      question: "Which processes mount and unmount file systems?",
      command: "ktop mountsnoop",
      look: "COMM and PID are the caller; CALL is the call with its result.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  flags: [
    {
      name: "parent-pid",
      letter: "P",
      kind: "integer",
      argument: "PPID",
      min: 1,
      description: "only children of this process",
    },
  ],
  graph: [],
  hooks: [syscallHook("mount", SYSCALLS)],
  caveats: { fentry: UNSEEN, kprobe: UNSEEN, tracepoint: UNSEEN },
  configure,
  sampler: (attached) => eventSampler(attached, MountsnoopEvent, readEvent),
  derive: eventRows,
};

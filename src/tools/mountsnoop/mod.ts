/**
 * mountsnoop: calls that mount, unmount and change mounts, as BCC's mountsnoop. Source: bpf/mountsnoop/mountsnoop.bpf.c.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { COMM, PID, PPID, SYSCALL, TID, TIME } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import { readText, readTexts } from "../lib/records.ts";
import type { Constant, Sampler, Tool, ToolOptions } from "../tool.ts";
import { callName, describeCall, type MountCall } from "./calls.ts";
import { MountsnoopAttr, MountsnoopEvent } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...TIME, shown: "wide" },
  COMM,
  PID,
  TID,
  { ...PPID, shown: "data" },
  {
    key: "mnt_ns",
    title: "MNT_NS",
    description: "The caller's mount namespace: its inode number, as in /proc/PID/ns/mnt.",
    unit: "id",
    width: 11,
    align: "left",
  },
  { ...SYSCALL, width: 14, shown: "data" },
  {
    key: "ret",
    title: "RET",
    description: "What it returned: 0 or a descriptor, or a negative error number.",
    unit: "id",
    width: 3,
    align: "right",
    shown: "data",
  },
  {
    key: "call",
    title: "CALL",
    description: "The call with its arguments and what it returned.",
    unit: "text",
    width: 40,
    align: "left",
  },
];

function readCall(view: DataView, at: number, length: number): MountCall {
  const { offset, length: lengths, size } = MountsnoopEvent;
  const u64 = (place: number): bigint => view.getBigUint64(at + place, true);
  const known = view.getUint8(at + offset.strings);
  const texts = readTexts(view, at + size, length - size);
  const indexes = Array.from({ length: lengths.arguments }, (_, i) => i);
  const { set, clear, propagation, userns_fd } = MountsnoopAttr.offset;
  return {
    call: view.getUint8(at + offset.call),
    registers: indexes.map((i) => u64(offset.arguments + i * 8)),
    strings: indexes.map((i) => known & (1 << i) ? texts.shift() : undefined),
    cut: view.getUint8(at + offset.cut),
    attr: view.getUint8(at + offset.attr_known) === 1
      ? [set, clear, propagation, userns_fd].map((member) => u64(offset.attr + member))
      : null,
    ret: view.getInt32(at + offset.ret, true),
  };
}

/** Makes a row of one record. */
export const readEvent: ReadEvent = ({ view, at, length, clock }) => {
  const { offset, length: lengths } = MountsnoopEvent;
  const call = readCall(view, at, length);
  return {
    time: clock.iso(view, at + offset.time_ns),
    comm: readText(view, at + offset.comm, lengths.comm),
    pid: view.getUint32(at + offset.pid, true),
    tid: view.getUint32(at + offset.tid, true),
    ppid: view.getUint32(at + offset.ppid, true),
    mnt_ns: view.getUint32(at + offset.mnt_ns, true),
    syscall: callName(call.call),
    ret: call.ret,
    call: describeCall(call),
  };
};

function configure({ filters, flags }: ToolOptions): { constants: Record<string, Constant> } {
  return {
    constants: {
      ...filterConstants(filters),
      filter_ppid: (flags["parent-pid"] as number | undefined) ?? 0,
    },
  };
}

/** mountsnoop, the tool. */
export const mountsnoop: Tool<readonly Row[]> = {
  name: "mountsnoop",
  summary: "calls that mount, unmount and change mounts",
  examples: [
    {
      question: "Who mounts and unmounts on this server?",
      command: "ktop mountsnoop",
      look: "COMM and PID are the caller; CALL is what was asked for, and its result.",
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
  hooks: [{ name: "mount", tiers: { tracepoint: [{ all: ["sys_exit__tracepoint"] }] } }],
  caveats: { tracepoint: "calls by 32-bit programs and the kernel's own mounts are not seen" },
  configure,
  sampler: (attached: Attached): Sampler<readonly Row[]> => eventSampler(attached, "events", readEvent),
  derive: eventRows,
};

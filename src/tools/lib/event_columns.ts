/**
 * Columns that tools which report events share, with BCC's titles: when it happened and who did it. The descriptions are
 * those of system calls; other tools put their own.
 *
 * @module
 */
import type { Column } from "../../model/mod.ts";

/** When the event happened, by the wall clock. */
export const TIME: Column = {
  key: "time",
  title: "TIME",
  description: "When the call ended.",
  unit: "time",
  width: 8,
  align: "left",
};

/** When the event happened, since the tool began. */
export const TIME_S: Column = {
  key: "time_s",
  title: "TIME(s)",
  description: "When the call ended, in seconds since the tool began.",
  unit: "s",
  width: 12,
  align: "left",
};

/** The caller's user. */
export const UID: Column = {
  key: "uid",
  title: "UID",
  description: "User id of the caller.",
  unit: "id",
  width: 6,
  align: "left",
};

/** The caller's process. */
export const PID: Column = {
  key: "pid",
  title: "PID",
  description: "Process id of the caller.",
  unit: "id",
  width: 7,
  align: "left",
};

/** The caller's thread. */
export const TID: Column = {
  key: "tid",
  title: "TID",
  description: "Thread id of the caller.",
  unit: "id",
  width: 7,
  align: "left",
};

/** The caller's name. */
export const COMM: Column = {
  key: "comm",
  title: "COMM",
  description: "Name of the calling thread.",
  unit: "text",
  width: 16,
  align: "left",
};

/** The caller's parent. */
export const PPID: Column = {
  key: "ppid",
  title: "PPID",
  description: "Process id of the caller's parent.",
  unit: "id",
  width: 7,
  align: "left",
};

/** Which call it was. */
export const SYSCALL: Column = {
  key: "syscall",
  title: "SYSCALL",
  description: "The system call.",
  unit: "text",
  width: 10,
  align: "left",
};

/** The process and thread behind an event, and the thread's name. `did` completes "Process that": "removed it". */
export function doerColumns(did: string): readonly Column[] {
  return [
    { ...PID, description: `Process that ${did}.` },
    { ...TID, description: `Thread that ${did}.`, shown: "data" },
    { ...COMM, description: "Name of that thread." },
  ];
}

/** The error of a call. */
export const ERR: Column = {
  key: "err",
  title: "ERR",
  description: "Error number (errno); 0: the call succeeded.",
  unit: "id",
  width: 3,
  align: "right",
};

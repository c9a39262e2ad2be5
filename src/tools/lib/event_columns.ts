/**
 * Columns of event tools with BCC's titles: time and caller. The descriptions fit system calls; other tools replace them.
 *
 * @module
 */
import type { Column } from "../../model/mod.ts";

/** Wall-clock time of the event. */
export const TIME: Column = {
  key: "time",
  title: "TIME",
  description: "When the call ended.",
  unit: "time",
  width: 8,
  priority: -1,
  align: "left",
};

/** Time of the event since the tool started. */
export const TIME_S: Column = {
  key: "time_s",
  title: "TIME(s)",
  description: "When the call ended, in seconds since the tool was first started.",
  unit: "s",
  width: 12,
  priority: -1,
  align: "left",
  adds: false,
};

/** {@linkcode TIME_S} of a tool whose text has it by default, as BCC's has; screens show {@linkcode TIME_BESIDE_S} instead. */
export const TIME_S_IN_TEXT: Column = { ...TIME_S, onScreen: "data" };

/** Wall-clock time beside {@linkcode TIME_S_IN_TEXT}. */
export const TIME_BESIDE_S: Column = {
  ...TIME,
  shown: "data",
  onScreen: "always",
  defaultDescending: true,
};

/** User id of the caller. */
export const UID: Column = {
  key: "uid",
  title: "UID",
  description: "User id of the caller, with its name from /etc/passwd.",
  unit: "id",
  names: "user",
  width: 14,
  priority: -1,
  align: "left",
};

/** Process id of the caller. */
export const PID: Column = {
  key: "pid",
  title: "PID",
  description: "Process id of the caller.",
  unit: "id",
  width: 7,
  priority: -1,
  align: "left",
};

/** Thread id of the caller. */
export const TID: Column = {
  key: "tid",
  title: "TID",
  description: "Thread id of the caller.",
  unit: "id",
  width: 7,
  priority: -1,
  align: "left",
};

/** Name of the caller. */
export const COMM: Column = {
  key: "comm",
  title: "COMM",
  description: "Name of the calling thread.",
  unit: "text",
  width: 16,
  priority: 1,
  align: "left",
};

/** Parent of the caller. */
export const PPID: Column = {
  key: "ppid",
  title: "PPID",
  description: "Process id of the caller's parent.",
  unit: "id",
  width: 7,
  priority: -2,
  align: "left",
};

/** The system call. */
export const SYSCALL: Column = {
  key: "syscall",
  title: "SYSCALL",
  description: "The system call.",
  unit: "text",
  width: 10,
  align: "left",
  metricLabel: "syscall",
};

/** The process and thread of an event, and the thread's name. `did` completes "Process that": "removed it". */
export function actorColumns(did: string): readonly Column[] {
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
  description: "Error (errno); 0 if the call succeeded.",
  unit: "id",
  names: "error",
  width: 8,
  priority: 3,
  align: "right",
};

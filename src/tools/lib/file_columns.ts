/**
 * Columns of tools on single files with BCC's titles: file, thread, bytes, latency.
 *
 * @module
 */
import type { Column } from "../../model/mod.ts";
import * as event from "./event_columns.ts";

/** The thread's name. */
export const COMM: Column = { ...event.COMM, description: "Name of the thread." };

/** The thread's process. */
export const PID: Column = { ...event.PID, description: "Process id (tgid)." };

/** The thread. */
export const TID: Column = { ...event.TID, description: "Thread id." };

/** Name of the file. */
export const FILE: Column = {
  key: "file",
  title: "FILE",
  description: "Name of the file.",
  unit: "text",
  width: 24,
  priority: 2,
  align: "left",
};

/** The file's directory. */
export const DIR: Column = {
  key: "dir",
  title: "DIR",
  description: "Directory of the file.",
  unit: "text",
  cut: "start",
  width: 24,
  minWidth: 16,
  priority: 1,
  align: "left",
};

/** The file's whole path. */
export const PATH: Column = {
  key: "path",
  title: "PATH",
  description: "Path of the file.",
  unit: "text",
  width: 32,
  align: "left",
  shown: "data",
};

/** Device and inode, which distinguish files of the same name. */
export const FILE_IDENTITY: readonly Column[] = [
  {
    key: "dev",
    title: "DEV",
    description: "Device of the file system, major:minor.",
    unit: "id",
    width: 7,
    priority: -2,
    align: "left",
    shown: "data",
  },
  {
    key: "inode",
    title: "INODE",
    description: "Inode number.",
    unit: "id",
    width: 10,
    priority: -2,
    align: "left",
    shown: "data",
  },
];

/** Size of one read or write. */
export const BYTES: Column = {
  key: "bytes",
  title: "BYTES",
  description: "Bytes read or written; unknown if the call failed.",
  unit: "bytes",
  width: 7,
  align: "right",
};

/** Latency of one read or write. */
export const LAT_MS: Column = {
  key: "lat_ms",
  title: "LAT(ms)",
  description: "Milliseconds from the start of the call to its end.",
  unit: "ms",
  peak: "latency",
  width: 9,
  priority: 3,
  align: "right",
};

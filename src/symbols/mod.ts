/**
 * Names of functions in user space: the addresses of a process's stack become the names in the symbol tables of its files. The
 * files are untrusted, are read in a worker thread, and never become code. It must not depend on BPF, tools or output.
 *
 * @module
 */
export { UNKNOWN_CALLERS } from "./messages.ts";
export { type StackAddresses, UserSymbols } from "./user_symbols.ts";

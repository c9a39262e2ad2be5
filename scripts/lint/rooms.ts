/**
 * The rooms of src and what each may import. `scripts/lint/check.ts` applies the tables to the whole tree.
 *
 * @module
 */

/**
 * Each room, with the rooms that it may import, lowest first: a room imports only rooms that come before it in this table,
 * and those only through their mod.ts. A room named "tui/canvas" is the folder src/tui/canvas; the room "tui" is then
 * what is left of src/tui. `import type` counts as an import.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "text": [],
  "errors": ["text"],
  "model": ["text", "errors"],
  "ffi": ["text", "errors"],
  "bpf": ["ffi", "model", "text", "errors"],
  "symbols": ["ffi", "text", "errors"],
  "cgroups": ["ffi", "model", "text", "errors"],
  "tools": ["cgroups", "symbols", "bpf", "model", "text", "errors"],
  "output": ["model", "text", "errors"],
  "monitor": ["tools", "cgroups", "bpf", "model", "text", "errors"],
  "recording": ["monitor", "output", "tools", "model", "text", "errors"],
  "serve": ["monitor", "output", "tools", "model", "text", "errors"],
  "remote": ["recording", "monitor", "tools", "model", "text", "errors"],
  "tui/canvas": ["model", "text", "errors"],
  "tui/terminal": ["tui/canvas", "model", "text", "errors"],
  "tui/state": ["tui/canvas", "tui/terminal", "monitor", "recording", "model", "text", "errors"],
  "tui/layout": ["tui/state", "tui/canvas", "monitor", "recording", "model", "text", "errors"],
  "tui/keys": ["tui/layout", "tui/state", "tui/terminal", "monitor", "recording", "model", "text", "errors"],
  "tui/view": ["tui/layout", "tui/state", "tui/canvas", "monitor", "recording", "model", "text", "errors"],
  "tui": [
    "tui/view",
    "tui/keys",
    "tui/layout",
    "tui/state",
    "tui/terminal",
    "tui/canvas",
    "monitor",
    "recording",
    "model",
    "text",
    "errors",
  ],
  "config": ["tui", "tools", "monitor", "model", "text", "errors"],
  "cli": [
    "config",
    "tui",
    "remote",
    "serve",
    "recording",
    "monitor",
    "output",
    "tools",
    "cgroups",
    "bpf",
    "ffi",
    "model",
    "text",
    "errors",
  ],
  "main.ts": ["cli"],
};

/** Folders outside src that unit tests in src may import. Other code of src imports nothing outside src. */
export const TEST_SUPPORT: readonly string[] = ["tests/support/"];

/** Where pointers, `Handle` and C struct offsets may appear. */
export const POINTER_ROOM = "src/ffi/";

/**
 * Files outside src/ffi that read or write numbers at byte offsets: the base of the generated readers and the decoding
 * of their text members, the encoding of the history, which has no C structs, and BTF and ELF, file formats.
 */
export const OFFSETS_ALLOWED: readonly RegExp[] = [
  /^src\/tools\/lib\/struct\.ts$/,
  /^src\/text\/field\.ts$/,
  /^src\/monitor\/history\/encoding\.ts$/,
  /^src\/bpf\/btf_reader\.ts$/,
  /^src\/symbols\/elf\.ts$/,
];

/** What a BPF program in bpf/NAME may include besides the files in bpf/NAME; angle brackets: libbpf's headers. */
export const BPF_INCLUDES = /^(?:"vmlinux\.h"|"lib\/[^"]+"|<bpf\/[^>]+>)$/;

/** Hosts of package registries and mirrors: those come from the configuration of npm and apt. */
export const REGISTRY_HOSTS = /\b(?:debian\.org|npmjs\.(?:org|com)|jsr\.io|deno\.land)\b/;

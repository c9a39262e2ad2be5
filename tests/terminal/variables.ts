/**
 * The environment variables that the dynamic loader, glibc, Deno's runtime, its libraries or ktop read, with values that make a
 * program load code or write files where it honours them. src/README.md lists the same.
 *
 * @module
 */

/** What the values name. */
export interface Bait {
  /** A shared library that leaves a mark when it is loaded. */
  readonly library: string;
  /** A directory that has that library under the name of one that ktop needs. */
  readonly libraries: string;
  /** A JavaScript file that leaves a mark when it is run. */
  readonly script: string;
  /** A directory with those files under the names that are searched for: programs, gconv-modules, icudt.dat. */
  readonly tree: string;
  /** An empty directory that everyone may write to. */
  readonly out: string;
}

/**
 * What becomes of a variable.
 *
 * - `loader`: the dynamic loader acts on it before ktop's code, except in a program with AT_SECURE
 * - `cleared`: ktop executes itself again without it
 * - `harmless`: it stays, and makes ktop load and write nothing
 */
export type Fate = "loader" | "cleared" | "harmless";

/** A variable and its value; `with`: others that it needs. */
export interface Variable {
  readonly fate: Fate;
  readonly value: (bait: Bait) => string;
  readonly with?: (bait: Bait) => Readonly<Record<string, string>>;
}

const loader = (value: Variable["value"], others?: Variable["with"]): Variable => ({
  fate: "loader",
  value,
  ...(others && { with: others }),
});
const cleared = (value: Variable["value"]): Variable => ({ fate: "cleared", value });
const harmless = (value: Variable["value"]): Variable => ({ fate: "harmless", value });

const inOut = (name: string): Variable["value"] => ({ out }) => `${out}/${name}`;

/** The variables by name. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  // ld.so(8)
  LD_PRELOAD: loader(({ library }) => library),
  LD_AUDIT: loader(({ library }) => library),
  LD_LIBRARY_PATH: loader(({ libraries }) => libraries),
  LD_DEBUG_OUTPUT: loader(inOut("debug"), () => ({ LD_DEBUG: "all" })),
  LD_PROFILE_OUTPUT: loader(({ out }) => out, () => ({ LD_PROFILE: "libc.so.6" })),
  LD_DEBUG: loader(() => "files"),
  LD_SHOW_AUXV: loader(() => "1"),
  LD_TRACE_LOADED_OBJECTS: harmless(() => "1"),
  LD_BIND_NOW: harmless(() => "1"),
  LD_BIND_NOT: harmless(() => "1"),
  LD_DYNAMIC_WEAK: harmless(() => "1"),
  LD_HWCAP_MASK: harmless(() => "0"),
  LD_ORIGIN_PATH: harmless(({ tree }) => tree),
  LD_WARN: harmless(() => "1"),
  LD_PREFER_MAP_32BIT_EXEC: harmless(() => "1"),
  GLIBC_TUNABLES: harmless(() => "glibc.malloc.check=3:glibc.rtld.nns=1"),
  // glibc
  GCONV_PATH: harmless(({ tree }) => tree),
  GETCONF_DIR: harmless(({ tree }) => tree),
  LOCPATH: harmless(({ tree }) => tree),
  NLSPATH: harmless(({ tree }) => `${tree}/%N`),
  MALLOC_TRACE: harmless(inOut("malloc")),
  MALLOC_CHECK_: harmless(() => "3"),
  MALLOC_PERTURB_: harmless(() => "85"),
  MALLOC_ARENA_MAX: harmless(() => "1"),
  MALLOC_TOP_PAD_: harmless(() => "0"),
  MALLOC_MMAP_THRESHOLD_: harmless(() => "0"),
  TZ: harmless(({ script }) => `:${script}`),
  TZDIR: harmless(({ tree }) => tree),
  HOSTALIASES: harmless(({ script }) => script),
  RESOLV_HOST_CONF: harmless(({ script }) => script),
  RES_OPTIONS: harmless(() => "debug"),
  LOCALDOMAIN: harmless(() => "example.org"),
  LANG: harmless(() => "C.UTF-8"),
  LANGUAGE: harmless(() => "../../../../tmp"),
  LC_ALL: harmless(() => "../../../../tmp"),
  LC_MESSAGES: harmless(() => "../../../../tmp"),
  // Deno's runtime and the libraries in it
  DENO_LOG: cleared(() => "trace"),
  DENO_LOG_STYLE: cleared(() => "always"),
  DENO_DIR: cleared(({ out }) => out),
  DENO_V8_FLAGS: cleared(({ out }) => `--prof,--logfile=${out}/v8.log`),
  DENO_TOKIO_METRICS: cleared(() => "1"),
  DENO_TOKIO_EVENT_INTERVAL: cleared(() => "61"),
  DENO_TOKIO_GLOBAL_QUEUE_INTERVAL: cleared(() => "31"),
  DENO_TOKIO_MAX_IO_EVENTS_PER_TICK: cleared(() => "1024"),
  DENO_TRACE_PERMISSIONS: cleared(() => "1"),
  DENO_USE_CGROUPS: cleared(() => "1"),
  DENO_USR2_MEMORY_TRIM: cleared(() => "1"),
  DENO_CACHE_LSC_ENDPOINT: cleared(() => "http://127.0.0.1:9"),
  DENO_CACHE_DB_MODE: cleared(() => "disk"),
  DENO_KV_DB_MODE: cleared(() => "disk"),
  DENO_KV_ACCESS_TOKEN: cleared(() => "token"),
  DENO_SERVE_ADDRESS: cleared(() => "tcp:127.0.0.1:0"),
  DENO_CERT: cleared(({ script }) => script),
  DENO_TLS_CA_STORE: cleared(() => "system"),
  DENO_WEBGPU_TRACE: cleared(({ out }) => out),
  DENO_WEBGPU_BACKEND: cleared(() => "gl"),
  NODE_OPTIONS: cleared(({ script }) => `--require ${script} --import ${script}`),
  NODE_PATH: cleared(({ tree }) => tree),
  NODE_DEBUG: cleared(() => "module,fs"),
  NODE_V8_COVERAGE: cleared(({ out }) => out),
  NODE_EXTRA_CA_CERTS: cleared(({ script }) => script),
  NODE_CHANNEL_FD: cleared(() => "1"),
  NODE_UNIQUE_ID: cleared(() => "1"),
  V8_FLAGS: cleared(({ out }) => `--prof --logfile=${out}/v8.log`),
  OTEL_DENO: cleared(() => "true"),
  OTEL_EXPORTER_OTLP_ENDPOINT: cleared(() => "http://127.0.0.1:9"),
  OTEL_EXPORTER_OTLP_PROTOCOL: cleared(() => "console"),
  RUST_BACKTRACE: cleared(() => "full"),
  RUST_LIB_BACKTRACE: cleared(() => "1"),
  RUST_LOG: cleared(() => "trace"),
  RUST_MIN_STACK: cleared(() => "8388608"),
  TOKIO_WORKER_THREADS: cleared(() => "1"),
  ICU_DATA: cleared(({ tree }) => tree),
  ICU_TIMEZONE_FILES_DIR: cleared(({ tree }) => tree),
  OPENSSL_ia32cap: cleared(() => "0"),
  OPENSSL_CONF: cleared(({ script }) => script),
  SSL_CERT_FILE: cleared(({ script }) => script),
  SSL_CERT_DIR: cleared(({ tree }) => tree),
  SSLKEYLOGFILE: harmless(inOut("keys")),
  SQLITE_TMPDIR: harmless(({ out }) => out),
  RAYON_NUM_THREADS: harmless(() => "1"),
  HTTP_PROXY: harmless(() => "http://127.0.0.1:9"),
  HTTPS_PROXY: harmless(() => "http://127.0.0.1:9"),
  ALL_PROXY: harmless(() => "http://127.0.0.1:9"),
  NO_PROXY: harmless(() => "*"),
  NPM_CONFIG_REGISTRY: harmless(() => "http://127.0.0.1:9"),
  TMPDIR: harmless(({ out }) => out),
  HOME: harmless(({ out }) => out),
  XDG_CACHE_HOME: harmless(({ out }) => out),
  XDG_DATA_HOME: harmless(({ out }) => out),
  XDG_RUNTIME_DIR: harmless(({ out }) => out),
  // Colours of the runtime's errors; the terminal; ktop's configuration
  PATH: harmless(({ tree }) => tree),
  XDG_CONFIG_HOME: harmless(({ tree }) => tree),
  KTOP_SSH: harmless(({ script }) => script),
  NO_COLOR: harmless(() => "1"),
  FORCE_COLOR: harmless(() => "3"),
  CLICOLOR: harmless(() => "1"),
  CLICOLOR_FORCE: harmless(() => "1"),
  COLORTERM: harmless(() => "truecolor"),
  TERM: harmless(() => "../../tmp"),
  TERMINFO: harmless(({ tree }) => tree),
  CI: harmless(() => "true"),
  TMUX: harmless(({ script }) => script),
};

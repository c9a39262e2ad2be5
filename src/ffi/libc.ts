/**
 * The calls of glibc that ktop needs and Deno does not offer.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { errnoName } from "./errno.ts";

const symbols = {
  // int memfd_create(const char *name, unsigned int flags)
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
  // ssize_t write(int fd, const void *buf, size_t count)
  write: { parameters: ["i32", "buffer", "usize"], result: "i64" },
  // int close(int fd)
  close: { parameters: ["i32"], result: "i32" },
  close_away: { name: "close", parameters: ["i32"], result: "i32", nonblocking: true },
  // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
  mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
  // int munmap(void *addr, size_t length)
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
  // int madvise(void *addr, size_t length, int advice)
  madvise: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  // long sysconf(int name)
  sysconf: { parameters: ["i32"], result: "i64" },
  // int vsnprintf(char *str, size_t size, const char *format, va_list ap)
  vsnprintf: { parameters: ["buffer", "usize", "pointer", "pointer"], result: "i32" },
  // the same, with the va_list in a buffer: a saved copy of it
  vsnprintf_copied: {
    name: "vsnprintf",
    parameters: ["buffer", "usize", "pointer", "buffer"],
    result: "i32",
  },
  // int mallopt(int param, int value)
  mallopt: { parameters: ["i32", "i32"], result: "i32" },
  // int malloc_trim(size_t pad)
  malloc_trim: { parameters: ["usize"], result: "i32" },
  // long syscall(SYS_perf_event_open, struct perf_event_attr *, pid_t, int cpu, int group_fd, unsigned long flags)
  perf_event_open: {
    name: "syscall",
    parameters: ["i64", "buffer", "i32", "i32", "i32", "u64"],
    result: "i64",
  },
  // int clock_gettime(clockid_t clockid, struct timespec *tp)
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  // int *__errno_location(void)
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

type Libc = Deno.DynamicLibrary<typeof symbols>["symbols"] & {
  /** errno of this thread; meaningful directly after a failed synchronous call. */
  errno(): number;
};

let opened: Libc | undefined;

/** glibc, opened on first use. */
export function libc(): Libc {
  if (opened === undefined) {
    const library = Deno.dlopen("libc.so.6", symbols);
    const errno = new Deno.UnsafePointerView(library.symbols.__errno_location()!);
    opened = { ...library.symbols, errno: () => errno.getInt32() };
  }
  return opened;
}

const _SC_PAGESIZE = 30;
let page = 0;

/** The kernel's page size in bytes. */
export function pageSize(): number {
  page ||= Number(libc().sysconf(_SC_PAGESIZE));
  return page;
}

/** Gives memory freed by libbpf back to the kernel (malloc_trim(3)): parsing vmlinux BTF takes several megabytes. */
export function trimHeap(): void {
  libc().malloc_trim(0n);
}

const M_MMAP_THRESHOLD = -3;

/**
 * Makes malloc take blocks of 64 KiB and more from the kernel one by one, so that they go back when they are freed
 * (mallopt(3)). libbpf reads all kernel types for each object: left in glibc's arenas they cost 20 MB for ever.
 */
export function returnLargeBlocks(): void {
  libc().mallopt(M_MMAP_THRESHOLD, 65_536);
}

/** Numbers of perf_event_open(2): asm/unistd_64.h, asm-generic/unistd.h. */
const SYS_PERF_EVENT_OPEN = { x86_64: 298n, aarch64: 241n } as const;
const PERF_FLAG_FD_CLOEXEC = 8n;

/**
 * Opens a perf event for all processes on CPU 0, close-on-exec.
 *
 * @param attr struct perf_event_attr
 * @returns the file descriptor, or a negative errno
 */
export function perfEventOpen(attr: Uint8Array): number {
  const fd = libc().perf_event_open(
    SYS_PERF_EVENT_OPEN[Deno.build.arch],
    attr,
    -1,
    0,
    -1,
    PERF_FLAG_FD_CLOEXEC,
  );
  return fd >= 0n ? Number(fd) : -libc().errno();
}

/**
 * An anonymous file in memory that holds `bytes` (memfd_create(2), close-on-exec). The caller closes it.
 *
 * @throws {BpfError} out of memory or descriptors
 */
export function memoryFile(name: string, bytes: Uint8Array): number {
  const MFD_CLOEXEC = 1;
  const fd = libc().memfd_create(new TextEncoder().encode(`${name}\0`), MFD_CLOEXEC);
  if (fd < 0) throw new BpfError(`memfd_create ${name}`, errnoName(libc().errno()));
  for (let done = 0; done < bytes.length;) {
    const written = Number(libc().write(fd, bytes.subarray(done), BigInt(bytes.length - done)));
    if (written < 0) {
      const errno = errnoName(libc().errno());
      libc().close(fd);
      throw new BpfError(`write ${name} to memory`, errno);
    }
    done += written;
  }
  return fd;
}

/**
 * The functions of glibc that ktop needs and Deno does not offer.
 *
 * @module
 */
import { c } from "./c_types.ts";
import { bindSymbols, type Functions } from "./lazy_symbols.ts";

const symbols = {
  // int memfd_create(const char *name, unsigned int flags)
  memfd_create: { parameters: [c.string, c.unsigned], result: c.int },
  // ssize_t write(int fd, const void *buf, size_t count)
  write: { parameters: [c.int, c.buffer, c.size_t], result: c.ssize_t },
  write_async: {
    name: "write",
    parameters: [c.int, c.buffer, c.size_t],
    result: c.ssize_t,
    nonblocking: true,
  },
  // int poll(struct pollfd *fds, nfds_t nfds, int timeout)
  poll: { parameters: [c.buffer, c.unsigned_long, c.int], result: c.int },
  poll_async: {
    name: "poll",
    parameters: [c.buffer, c.unsigned_long, c.int],
    result: c.int,
    nonblocking: true,
  },
  // int epoll_create1(int flags)
  epoll_create1: { parameters: [c.int], result: c.int },
  // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
  epoll_ctl: { parameters: [c.int, c.int, c.int, c.buffer], result: c.int },
  // int fcntl(int fd, int op, int arg)
  fcntl: { parameters: [c.int, c.int, c.int], result: c.int },
  // int socket(int domain, int type, int protocol)
  socket: { parameters: [c.int, c.int, c.int], result: c.int },
  // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen)
  getsockname: { parameters: [c.int, c.buffer, c.buffer], result: c.int },
  // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)
  getsockopt: { parameters: [c.int, c.int, c.int, c.buffer, c.buffer], result: c.int },
  // int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags)
  accept4: { parameters: [c.int, c.pointer, c.pointer, c.int], result: c.int },
  // ssize_t recv(int sockfd, void *buf, size_t len, int flags)
  recv: { parameters: [c.int, c.buffer, c.size_t, c.int], result: c.ssize_t },
  // ssize_t send(int sockfd, const void *buf, size_t len, int flags)
  send: { parameters: [c.int, c.buffer, c.size_t, c.int], result: c.ssize_t },
  // ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr, socklen_t addrlen)
  sendto: { parameters: [c.int, c.buffer, c.size_t, c.int, c.buffer, c.unsigned], result: c.ssize_t },
  // int shutdown(int sockfd, int how)
  shutdown: { parameters: [c.int, c.int], result: c.int },
  // ssize_t read(int fd, void *buf, size_t count)
  read: { parameters: [c.int, c.buffer, c.size_t], result: c.ssize_t },
  // int eventfd(unsigned int initval, int flags)
  eventfd: { parameters: [c.unsigned, c.int], result: c.int },
  // int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact)
  sigaction: { parameters: [c.int, c.pointer, c.buffer], result: c.int },
  // sighandler_t signal(int signum, sighandler_t handler)
  signal: { parameters: [c.int, c.pointer], result: c.pointer },
  // unsigned int alarm(unsigned int seconds)
  alarm: { parameters: [c.unsigned], result: c.unsigned },
  // int open(const char *pathname, int flags)
  open: { parameters: [c.string, c.int], result: c.int },
  // int lockf(int fd, int op, off_t size)
  lockf: { parameters: [c.int, c.int, c.off_t], result: c.int },
  // long syscall(SYS_openat2, int dirfd, const char *pathname, const struct open_how *how, size_t size)
  openat2: {
    name: "syscall",
    parameters: [c.long, c.int, c.string, c.buffer, c.size_t],
    result: c.long,
  },
  // long syscall(SYS_getdents64, int fd, void *dirp, size_t count)
  getdents64: { name: "syscall", parameters: [c.long, c.int, c.buffer, c.size_t], result: c.long },
  // int statx(int dirfd, const char *pathname, int flags, unsigned int mask, struct statx *statxbuf)
  statx: { parameters: [c.int, c.string, c.int, c.unsigned, c.buffer], result: c.int },
  // ssize_t pread(int fd, void *buf, size_t count, off_t offset)
  pread: { parameters: [c.int, c.buffer, c.size_t, c.off_t], result: c.ssize_t },
  // int close(int fd)
  close: { parameters: [c.int], result: c.int },
  close_async: { name: "close", parameters: [c.int], result: c.int, nonblocking: true },
  // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
  mmap: { parameters: [c.pointer, c.size_t, c.int, c.int, c.int, c.off_t], result: c.pointer },
  // int munmap(void *addr, size_t length)
  munmap: { parameters: [c.pointer, c.size_t], result: c.int },
  // int madvise(void *addr, size_t length, int advice)
  madvise: { parameters: [c.pointer, c.size_t, c.int], result: c.int },
  // long sysconf(int name)
  sysconf: { parameters: [c.int], result: c.long },
  // int vsnprintf(char *str, size_t size, const char *format, va_list ap)
  vsnprintf: { parameters: [c.buffer, c.size_t, c.pointer, c.pointer], result: c.int },
  // the same with a copy of the va_list, in a buffer
  vsnprintf_copied: {
    name: "vsnprintf",
    parameters: [c.buffer, c.size_t, c.pointer, c.buffer],
    result: c.int,
  },
  // int mallopt(int param, int value)
  mallopt: { parameters: [c.int, c.int], result: c.int },
  // int malloc_trim(size_t pad)
  malloc_trim: { parameters: [c.size_t], result: c.int },
  // int getrlimit(int resource, struct rlimit *rlim); int setrlimit(int resource, const struct rlimit *rlim)
  getrlimit: { parameters: [c.int, c.buffer], result: c.int },
  setrlimit: { parameters: [c.int, c.buffer], result: c.int },
  // long syscall(SYS_perf_event_open, struct perf_event_attr *, pid_t, int cpu, int group_fd, unsigned long flags)
  perf_event_open: {
    name: "syscall",
    parameters: [c.long, c.buffer, c.int, c.int, c.int, c.unsigned_long],
    result: c.long,
  },
  // int clock_gettime(clockid_t clockid, struct timespec *tp)
  clock_gettime: { parameters: [c.int, c.buffer], result: c.int },
  // void tzset(void)
  tzset: { parameters: [], result: c.void },
  // struct tm *localtime_r(const time_t *timep, struct tm *result)
  localtime_r: { parameters: [c.buffer, c.buffer], result: c.pointer },
  // int capget(cap_user_header_t hdrp, cap_user_data_t datap)
  capget: { parameters: [c.buffer, c.buffer], result: c.int },
  // int capset(cap_user_header_t hdrp, const cap_user_data_t datap)
  capset: { parameters: [c.buffer, c.buffer], result: c.int },
  // int faccessat(int dirfd, const char *pathname, int mode, int flags)
  faccessat: { parameters: [c.int, c.string, c.int, c.int], result: c.int },
  // int execv(const char *pathname, char *const argv[])
  execv: { parameters: [c.string, c.buffer], result: c.int },
  // int setenv(const char *name, const char *value, int overwrite)
  setenv: { parameters: [c.string, c.string, c.int], result: c.int },
  // extern char **environ: the variable's address
  environ: { type: "pointer" },
  // pid_t getpgid(pid_t pid)
  getpgid: { parameters: [c.int], result: c.int },
  // int *__errno_location(void)
  __errno_location: { parameters: [], result: c.pointer },
} as const satisfies Deno.ForeignLibraryInterface;

type Libc = Functions<typeof symbols> & {
  /** errno of this thread; valid directly after a failed synchronous call. */
  errno(): number;
};

let opened: Libc | undefined;

/** glibc, opened on first use. */
export function libc(): Libc {
  if (opened === undefined) {
    const functions = bindSymbols("libc.so.6", symbols);
    const errno = new Deno.UnsafePointerView(functions.__errno_location()!);
    opened = Object.assign(functions, { errno: () => errno.getInt32() });
  }
  return opened;
}

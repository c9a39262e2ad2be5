/*
 * System calls of 32-bit programs, by int 0x80: the kernel handles them as those of an i386 process. On arm64 a process has the
 * calls of one kind only.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* A page below 4 GiB, for what the pointers of such calls point to. */
static inline char *low_page(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#if defined(__x86_64__)
	flags |= MAP_32BIT;
#endif
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
	MUST(page != MAP_FAILED);
	return page;
}

static inline long low_address(const void *address)
{
	return (long)(uintptr_t)address;
}

/* Returns what the call returns: a negative errno if it fails. `number`: arch/x86/entry/syscalls/syscall_32.tbl */
static inline int call32_with(int number, const long *arguments)
{
	int result = -ENOSYS;
#if defined(__x86_64__)
	/* The sixth argument is in ebp, which the compiler may use for the frame. */
	register long sixth __asm__("r12") = arguments[5];
	__asm__ volatile("xchg %%r12, %%rbp; int $0x80; xchg %%r12, %%rbp" : "=a"(result), "+r"(sixth)
			 : "0"(number), "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2]), "S"(arguments[3]),
			   "D"(arguments[4])
			 : "memory", "r8", "r9", "r10", "r11");
#else
	(void)number;
	(void)arguments;
#endif
	return result;
}

/* The arguments that are absent are 0. */
#define call32(number, ...) call32_with(number, (const long[6]){ __VA_ARGS__ })

/* Whether this kernel has them; otherwise int 0x80 kills the child process. 20: getpid */
static inline int has_call32(void)
{
#if defined(__x86_64__)
	int status;
	pid_t child = fork();
	MUST(child >= 0);
	if (!child)
		_exit(call32(20, 0) != getpid());
	MUST(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) && !WEXITSTATUS(status);
#else
	return 0;
#endif
}

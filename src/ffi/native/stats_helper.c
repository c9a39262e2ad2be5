// SPDX-License-Identifier: MIT
/*
 * Switches the kernel's BPF run-time statistics on and off for a screen that has dropped CAP_SYS_ADMIN: a process with
 * this capability and no other, which can do nothing else. Reads bytes from standard input, '1' for on and anything else
 * for off, and answers each with one byte on standard output: 0 or the errno. Exits, which switches them off, at the end
 * of the input. Linked without libc, so that it starts fast and runs on any system.
 */
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <sys/syscall.h>

#define CAP_LAST 63

/* A system call; prctl(2) wants its fourth and fifth argument to be 0. */
static long call(long number, long a, long b, long c)
{
#ifdef __x86_64__
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
#else
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = 0;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
	return x0;
#endif
}

static void reduce_privileges(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
	struct __user_cap_data_struct sets[2] = {
		{ .effective = 1U << CAP_SYS_ADMIN, .permitted = 1U << CAP_SYS_ADMIN, .inheritable = 0 },
		{ .effective = 0, .permitted = 0, .inheritable = 0 },
	};

	for (int cap = 0; cap <= CAP_LAST; cap++)
		if (cap != CAP_SYS_ADMIN)
			call(SYS_prctl, PR_CAPBSET_DROP, cap, 0);
	call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
	call(SYS_capset, (long)&header, (long)sets, 0);
}

/* bpf(BPF_ENABLE_STATS): a descriptor or a negative errno. */
static long enable_stats(void)
{
	/* enable_stats.type 0 is BPF_STATS_RUN_TIME */
	unsigned int attributes[2] = { 0, 0 };

	return call(SYS_bpf, BPF_ENABLE_STATS, (long)attributes, sizeof(attributes[0]));
}

__attribute__((used, noreturn)) static void run(void)
{
	long stats = -1;
	char byte;

	call(SYS_prctl, PR_SET_NAME, (long)"ktop-stats", 0);
	reduce_privileges();
	while (call(SYS_read, 0, (long)&byte, 1) == 1) {
		if (stats >= 0)
			call(SYS_close, stats, 0, 0);
		stats = byte == '1' ? enable_stats() : -1;
		byte = byte == '1' && stats < 0 ? (char)-stats : 0;
		call(SYS_write, 1, (long)&byte, 1);
	}
	call(SYS_exit_group, 0, 0, 0);
	__builtin_unreachable();
}

__attribute__((naked, noreturn)) void _start(void)
{
#ifdef __x86_64__
	__asm__("and $-16, %rsp\n\tcall run");
#else
	__asm__("bl run");
#endif
}

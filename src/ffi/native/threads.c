// SPDX-License-Identifier: MIT
/*
 * Reduces the privileges of single threads. capset(2) and prctl(2) act on the calling thread only, and the runtime has
 * worker threads that run no code of ktop: each is sent a signal, whose handler reduces the privileges of the thread that
 * receives it (as glibc does for setuid(2)). Linked without libraries: the symbols are those of the libc in the process.
 */
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A real-time signal that glibc and the runtime do not use. */
#define REDUCE_SIGNAL 63

static volatile uint64_t kept;
/* Programs that root's process executes get all capabilities again, and those of setuid programs. */
static volatile int spares_programs;

/*
 * Keeps of each set of the calling thread only capabilities in `kept`; sets no_new_privs. With spares_programs it leaves what execve(2)
 * looks at: the bounding set and no_new_privs. Async-signal-safe.
 */
static void reduce_thread(int signal)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = {};
	int saved = errno;

	(void)signal;
	if (!spares_programs) {
		for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
			if (!(kept >> cap & 1))
				prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); /* EPERM without CAP_SETPCAP: no_new_privs is enough */
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	}
	if (syscall(SYS_capget, &header, sets) == 0) {
		for (int half = 0; half < 2; half++) {
			uint32_t mask = (uint32_t)(kept >> (32 * half));

			sets[half].permitted &= mask;
			sets[half].effective &= mask;
			sets[half].inheritable = 0;
		}
		syscall(SYS_capset, &header, sets);
	}
	errno = saved;
}

/*
 * Reduces the calling thread, and makes the process undumpable: other processes of the same user cannot trace it and take its
 * descriptors of BPF programs and maps. As long as it had capabilities that they lack, they could not either. execve(2) of a file with
 * capabilities makes a process undumpable only if it gains them (commit_creds in kernel/cred.c), so not when ktop restarts itself. Installs the handler for the others. Stays installed: a signal may arrive late. */
int ktop_reduce_privileges(uint64_t capabilities, int programs_get_all)
{
	struct sigaction action = { .sa_handler = reduce_thread, .sa_flags = SA_RESTART };

	kept = capabilities;
	spares_programs = programs_get_all;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	sigfillset(&action.sa_mask);
	if (sigaction(REDUCE_SIGNAL, &action, NULL) != 0)
		return -errno;
	reduce_thread(0);
	return 0;
}

/* Reduces another thread of this process, soon. */
int ktop_reduce_thread(int thread)
{
	return syscall(SYS_tgkill, getpid(), thread, REDUCE_SIGNAL) == 0 ? 0 : -errno;
}

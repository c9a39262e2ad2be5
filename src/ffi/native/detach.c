// SPDX-License-Identifier: MIT
/*
 * Lets the process end before its BPF programs are detached. The kernel detaches a program when the last descriptor of its link or
 * perf event is closed, and waits for RCU grace periods at each: kernel/trace/trace_event_perf.c, perf_trace_event_unreg(). A child
 * process keeps copies of all descriptors, and ends after this process. Linked without libraries: the symbols are those of the libc
 * in the process.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The child: only async-signal-safe functions, because other threads may have held locks. */
static void outlive(pid_t parent)
{
	struct pollfd process = { .events = POLLIN };

	prctl(PR_SET_NAME, "ktop-detach", 0, 0, 0);
	/* Readers of the output see its end when the parent ends. */
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	process.fd = (int)syscall(SYS_pidfd_open, parent, 0);
	/* Another parent: the first has ended, and the descriptor may be that of another process. */
	while (process.fd >= 0 && getppid() == parent && poll(&process, 1, -1) < 0 && errno == EINTR)
		;
	_exit(0);
}

/* Starts the child. Returns 0, or a negative errno: then this process detaches the programs itself. */
int ktop_leave_detaching(void)
{
	pid_t parent = getpid(), child;
	sigset_t all, before;

	/* A second Ctrl-C does not run this process's handlers in the child. SIGKILL ends it, and the kernel detaches then. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child = fork();
	if (child == 0)
		outlive(parent);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child < 0 ? -errno : 0;
}

// SPDX-License-Identifier: MIT
/*
 * Lets the process exit before its BPF programs are detached. The kernel detaches a program when the last descriptor of its link or
 * perf event is closed, and waits for RCU grace periods at each: kernel/trace/trace_event_perf.c, perf_trace_event_unreg(). A child
 * process holds copies of all descriptors until this process has exited. Linked without libraries: the symbols are those of the libc
 * in the process.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The child: only async-signal-safe functions, because other threads may have held locks. */
static void hold_descriptors_until_exit(pid_t parent)
{
	struct pollfd parent_exit = { .events = POLLIN };

	prctl(PR_SET_NAME, "ktop-detach", 0, 0, 0);
	/* Close stdio, so that a reader of our output sees EOF when the parent exits. */
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	parent_exit.fd = (int)syscall(SYS_pidfd_open, parent, 0);
	/* A changed parent means that ours has exited, and the pidfd may belong to a process that reused its id. */
	while (parent_exit.fd >= 0 && getppid() == parent && poll(&parent_exit, 1, -1) < 0 && errno == EINTR)
		;
	_exit(0);
}

/* If fork() fails, closing the descriptors waits for the kernel. */
void ktop_fork_descriptor_holder(void)
{
	pid_t parent = getpid();
	sigset_t all, before;

	/* A second Ctrl-C does not run this process's handlers in the child. SIGKILL ends it, and the kernel detaches then. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (fork() == 0)
		hold_descriptors_until_exit(parent);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

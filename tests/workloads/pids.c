/*
 * pids: two processes with the same id, one after the other. The first is started before "ready".
 *
 *   first      13: open of "absent"
 *   second      7: open of "absent"
 */
#include "workload.h"
#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void open_absent(int count)
{
	for (int i = 0; i < count; i++)
		MUST_FAIL(open("absent", O_RDONLY), ENOENT);
	_exit(0);
}

static void reap(pid_t pid)
{
	int status;
	MUST(waitpid(pid, &status, 0) == pid && status == 0);
}

/* fork(2) with a given process id (clone3(2)). Another process may have taken the id in the meantime, and ends again. */
static pid_t fork_as(pid_t pid)
{
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&pid, .set_tid_size = 1 };
	for (;;) {
		pid_t child = syscall(SYS_clone3, &args, sizeof(args));
		if (child >= 0)
			return child;
		MUST(errno == EEXIST);
		usleep(1000);
	}
}

int main(void)
{
	gate_block();
	enter_directory("pids");
	pid_t first = fork();
	MUST(first >= 0);
	if (first == 0) {
		gate_wait();
		open_absent(13);
	}
	ready();
	gate_wait();
	MUST(kill(first, SIGUSR1) == 0);
	reap(first);
	usleep(20000); /* /proc/PID/stat counts starts in units of 10 ms */
	pid_t second = fork_as(first);
	if (second == 0)
		open_absent(7);
	reap(second);
	return 0;
}

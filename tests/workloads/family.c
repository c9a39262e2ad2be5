/*
 * family: children of children, of which the last one executes this program. Prints its process id, "family PID", and that of
 * each child: "short_1 PID".
 *
 *   short   3 generations; the second is named as if it were two processes, with an escape sequence
 *   long   10 generations
 */
#include "workload.h"
#include <sys/prctl.h>
#include <sys/wait.h>

extern char **environ;

static char program[256];

static void descend(const char *name, int generation, int last)
{
	char comm[32];
	pid_t child = fork();
	MUST(child >= 0);
	if (child > 0) {
		int status;
		MUST(waitpid(child, &status, 0) == child && status == 0);
		return;
	}
	snprintf(comm, sizeof(comm), "generation %d", generation);
	MUST(prctl(PR_SET_NAME, generation == 2 ? "\x1b[31m < a(1" : comm) == 0);
	dprintf(1, "%s_%d %d\n", name, generation, getpid());
	if (generation < last) {
		descend(name, generation + 1, last);
		_exit(0);
	}
	char *const arguments[] = { "family", (char *)name, NULL };
	execve(program, arguments, environ);
	MUST(!"execve returned");
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 0;
	MUST(readlink("/proc/self/exe", program, sizeof(program) - 1) > 0);
	gate_block();
	ready();
	gate_wait();
	dprintf(1, "family %d\n", getpid());
	descend("short", 1, 3);
	descend("long", 1, 10);
	return 0;
}

/*
 * ends: children that execute this program and end in different ways. It waits for each and checks its status.
 *
 *   code N          13 exit with 0, 11 with 7, 3 with 137 (128 + SIGKILL), 2 with 255
 *   signal N         7 kill themselves with SIGKILL, 3 with SIGTERM, 2 with SIGSEGV, 2 with the real-time signal 40
 *   crowd            2 kill themselves with SIGKILL while they have two more threads
 *   plain 23         3 end by exit(2) instead of exit_group(2)
 *   again 3          5 execute "code 3"
 *   thread 5         2 execute "code 5" in another thread than the first
 *   leader 4         2 whose first thread ends with 0; once it has ended, the other one ends the process with 4
 *   both             2 whose first thread ends with 8, and then the other one, both by exit(2). Prints "both STATUS": before 6.0
 *                      the first thread's counts
 *   fails 6          3 execute "absent", which fails with ENOENT, and exit with 6
 *   slow             1 sleeps for 60 ms
 *   fork            17 exit with 9 without executing a program
 *   stays            2 still run when ends has ended. Prints "stays_1 PID", "stays_2 PID"; they end after ten minutes
 */
#include "workload.h"
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static char program[256];

static void execute(const char *role, int number)
{
	char text[16];
	char *const arguments[] = { "ends", (char *)role, text, NULL };
	snprintf(text, sizeof(text), "%d", number);
	execve(program, arguments, environ);
	MUST(!"execve returned");
}

static void *execute_code(void *number)
{
	execute("code", *(int *)number);
	return NULL;
}

/* Sleeps until the first thread is a zombie. */
static void wait_for_leader(void)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	char state = 0;
	while (state != 'Z') {
		FILE *stat = fopen("/proc/self/stat", "r");
		MUST(stat && fscanf(stat, "%*d (%*[^)]) %c", &state) == 1);
		fclose(stat);
		nanosleep(&pause, NULL);
	}
}

static void *end_process(void *number)
{
	wait_for_leader();
	_exit(*(int *)number);
}

static void *end_thread(void *number)
{
	wait_for_leader();
	syscall(SYS_exit, *(int *)number);
	return NULL;
}

static void *sleep_on(void *unused)
{
	(void)unused;
	pause();
	return NULL;
}

static void start_thread(void *(*run)(void *), int *number)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, run, number) == 0);
}

/* What a child does once it has executed this program. */
static int play(const char *role, int number)
{
	static int nine = 9;
	const struct timespec sixty_ms = { .tv_nsec = 60000000 };
	if (strcmp(role, "signal") == 0) {
		kill(getpid(), number);
	} else if (strcmp(role, "crowd") == 0) {
		start_thread(sleep_on, NULL);
		start_thread(sleep_on, NULL);
		kill(getpid(), SIGKILL);
	} else if (strcmp(role, "plain") == 0) {
		syscall(SYS_exit, number);
	} else if (strcmp(role, "again") == 0) {
		execute("code", number);
	} else if (strcmp(role, "thread") == 0) {
		start_thread(execute_code, &number);
		pause();
	} else if (strcmp(role, "leader") == 0) {
		start_thread(end_process, &number);
		syscall(SYS_exit, 0);
	} else if (strcmp(role, "both") == 0) {
		start_thread(end_thread, &nine);
		syscall(SYS_exit, 8);
	} else if (strcmp(role, "fails") == 0) {
		char *const absent[] = { "absent", NULL };
		MUST_FAIL(execve("absent", absent, environ), ENOENT);
	} else if (strcmp(role, "slow") == 0) {
		MUST(nanosleep(&sixty_ms, NULL) == 0);
	} else if (strcmp(role, "stays") == 0) {
		MUST(kill(getppid(), SIGUSR1) == 0);
		alarm(600);
		pause();
	}
	return number;
}

static pid_t start(const char *role, int number)
{
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0)
		execute(role, number);
	return child;
}

static int run(const char *role, int number)
{
	int status;
	MUST(waitpid(start(role, number), &status, 0) > 0);
	return status;
}

static void codes(const char *role, int number, int code, int times)
{
	for (int i = 0; i < times; i++) {
		int status = run(role, number);
		MUST(WIFEXITED(status) && WEXITSTATUS(status) == code);
	}
}

static void signals(const char *role, int number, int times)
{
	for (int i = 0; i < times; i++) {
		int status = run(role, number);
		MUST(WIFSIGNALED(status) && WTERMSIG(status) == number);
	}
}

static void fork_only(void)
{
	int status;
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0)
		_exit(9);
	MUST(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 9);
}

/* A child that keeps none of the descriptors of the tests. Waits until it has executed this program. */
static void leave_running(int number)
{
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0) {
		for (int fd = 0; fd < 3; fd++)
			close(fd);
		execute("stays", number);
	}
	gate_wait();
	dprintf(1, "stays_%d %d\n", number, child);
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	MUST(readlink("/proc/self/exe", program, sizeof(program) - 1) > 0);
	if (argc > 2)
		return play(argv[1], atoi(argv[2]));
	MUST(setrlimit(RLIMIT_CORE, &no_core) == 0);
	gate_block();
	ready();
	gate_wait();
	codes("code", 0, 0, 13);
	codes("code", 7, 7, 11);
	codes("code", 137, 137, 3);
	codes("code", 255, 255, 2);
	signals("signal", SIGKILL, 7);
	signals("signal", SIGTERM, 3);
	signals("signal", SIGSEGV, 2);
	signals("signal", 40, 2);
	signals("crowd", SIGKILL, 2);
	codes("plain", 23, 23, 3);
	codes("again", 3, 3, 5);
	codes("thread", 5, 5, 2);
	codes("leader", 4, 4, 2);
	int both = WEXITSTATUS(run("both", 0));
	codes("both", 0, both, 1);
	dprintf(1, "both %d\n", both);
	codes("fails", 6, 6, 3);
	codes("slow", 0, 0, 1);
	for (int i = 0; i < 17; i++)
		fork_only();
	leave_running(1);
	leave_running(2);
	return 0;
}

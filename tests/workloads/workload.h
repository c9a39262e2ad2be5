/*
 * What every workload shares. A workload prepares its files, prints one line ("ready") and waits for SIGUSR1; what it
 * does after that is counted. The wait is a signal and not a read or a futex on purpose: it makes no file operation and
 * no path lookup. The numbers are prime, so that no sum or multiple of other operations can look right by accident.
 * Any call that does not do what it should ends the workload with status 1 and a message.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ends the workload unless the condition holds. */
#define MUST(condition)                                                                                          \
	do {                                                                                                     \
		if (!(condition)) {                                                                              \
			dprintf(2, "%s:%d: %s: %s\n", __FILE__, __LINE__, #condition, strerror(errno));          \
			exit(1);                                                                                 \
		}                                                                                                \
	} while (0)

/* Ends the workload unless the call fails with the given errno. */
#define MUST_FAIL(call, error) MUST((call) < 0 && errno == (error))

/* Waits for SIGUSR1. gate_block() must have run before any thread was made. */
static inline void gate_wait(void)
{
	sigset_t set;
	int number;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	MUST(sigwait(&set, &number) == 0);
}

static inline void gate_block(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	MUST(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
}

/* Makes a directory of our own in another and enters it: names below it are then single path components. */
static inline void enter_directory_in(const char *parent, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/ktop-lab-%s-%d", parent, name, getpid());
	MUST(mkdir(path, 0700) == 0);
	MUST(chdir(path) == 0);
}

static inline void enter_directory(const char *name)
{
	enter_directory_in("/tmp", name);
}

static inline void ready(void)
{
	MUST(write(1, "ready\n", 6) == 6);
}

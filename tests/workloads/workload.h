/*
 * Shared by all workloads. A workload prepares its files, prints the line "ready" and waits for SIGUSR1; the tests count what it
 * does after that. It waits for a signal instead of a read or a futex, because a signal makes no file operation and no path lookup.
 * The numbers are prime, so that no sum or multiple of other operations can look right by accident. If a call does not have the
 * expected result, the workload exits with status 1 and a message.
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

/* Exits unless the condition holds. */
#define MUST(condition)                                                                                          \
	do {                                                                                                     \
		if (!(condition)) {                                                                              \
			dprintf(2, "%s:%d: %s: %s\n", __FILE__, __LINE__, #condition, strerror(errno));          \
			exit(1);                                                                                 \
		}                                                                                                \
	} while (0)

/* Exits unless the call fails with this errno. */
#define MUST_FAIL(call, error) MUST((call) < 0 && errno == (error))

/* Waits for SIGUSR1. Call gate_block() before creating threads. */
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

/* Creates a directory in `parent` and enters it: names below it are then single path components. */
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

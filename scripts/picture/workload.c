// SPDX-License-Identifier: MIT
/*
 * workload: a server for the picture of the README: processes that read and write files of a directory under names that
 * people know, and some that want more CPU than there is.
 *
 *   workload DIRECTORY
 *
 * Prints "ready" when all are there, and runs until it is ended; its children end with it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 65536, REGION = 64 * BLOCK, ROUND_US = 20000 };

/* What a process does in each round of ROUND_US; now and then it does more. */
struct job {
	const char *comm, *file;
	int reads, read_size, writes, write_size, sync_rounds;
};

static const struct job jobs[] = {
	{ "postgres", "base.16384", 40, 8192, 8, 8192, 0 },
	{ "postgres", "pg_wal.000001", 0, 0, 12, 8192, 10 },
	{ "java", "heap.hprof", 4, 32768, 2, 65536, 0 },
	{ "redis-server", "dump.rdb", 1, 4096, 3, 16384, 50 },
	{ "nginx", "access.log", 0, 0, 14, 320, 0 },
	{ "nginx", "index.html", 24, 4096, 0, 0, 0 },
	{ "prometheus", "chunk.000012", 2, 4096, 1, 4096, 0 },
	{ "rsyslogd", "syslog", 0, 0, 2, 210, 0 },
	{ "node", "bundle.js", 9, 16384, 0, 0, 0 },
	{ "backup", "etc.tar", 0, 0, 1, 65536, 0 },
};

static char block[BLOCK];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void work(const struct job *job, int file, unsigned int seed)
{
	for (unsigned int round = 1;; round++) {
		int times = rand_r(&seed) % 40 == 0 ? 4 : 1;

		for (int i = 0; i < times * job->reads; i++)
			if (pread(file, block, job->read_size, rand_r(&seed) % REGION) < 0)
				fail("pread");
		for (int i = 0; i < times * job->writes; i++)
			if (pwrite(file, block, job->write_size, rand_r(&seed) % REGION) < 0)
				fail("pwrite");
		if (job->sync_rounds != 0 && round % job->sync_rounds == 0)
			fsync(file);
		usleep(ROUND_US / 2 + rand_r(&seed) % ROUND_US);
	}
}

/* A compiler: files come and go. */
static void compile(unsigned int seed)
{
	for (;;) {
		for (int left = 3 + rand_r(&seed) % 30; left > 0; left--) {
			int file = open("cc.tmp", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

			if (file < 0)
				fail("cc.tmp");
			close(file);
			unlink("cc.tmp");
		}
		mkdir("cc.d", 0700);
		rmdir("cc.d");
		usleep(100000 + rand_r(&seed) % 100000);
	}
}

/* Bursts of pure computing, so that threads wait for a CPU. */
static void compute(unsigned int seed)
{
	for (;;) {
		for (volatile unsigned int i = 0; i < 30000000; i++)
			;
		usleep(200000 + rand_r(&seed) % 400000);
	}
}

static int child(const char *comm)
{
	pid_t id = fork();

	if (id < 0)
		fail("fork");
	if (id > 0)
		return 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, comm);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: workload DIRECTORY\n");
		return 2;
	}
	if (chdir(argv[1]) != 0)
		fail(argv[1]);
	for (unsigned int i = 0; i < sizeof(jobs) / sizeof(*jobs); i++) {
		int file = open(jobs[i].file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

		if (file < 0 || ftruncate(file, REGION + BLOCK) != 0)
			fail(jobs[i].file);
		if (child(jobs[i].comm))
			work(&jobs[i], file, i + 1);
	}
	if (child("cc1"))
		compile(99);
	for (unsigned int i = 0; i < 3; i++)
		if (child("ffmpeg"))
			compute(i + 7);
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}

// SPDX-License-Identifier: MIT
/*
 * load: makes a machine busy for scripts/bench.
 *
 *   load PROCESSES DIRECTORY
 *
 * Starts PROCESSES that sleep, and one that writes and reads 4 KiB in one of 64 files of DIRECTORY about 2,000
 * times a second. Prints "ready" when all have started, and runs until it is killed; its children die with it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { FILES = 64, BLOCK = 4096, PAUSE_US = 450 };

static void touch_files(const char *directory)
{
	static char block[BLOCK];
	char path[4096];

	for (unsigned int round = 0;; round++) {
		snprintf(path, sizeof(path), "%s/load.%u", directory, round % FILES);
		int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (file < 0 || pwrite(file, block, BLOCK, 0) != BLOCK || pread(file, block, BLOCK, 0) != BLOCK)
			exit(1);
		close(file);
		usleep(PAUSE_US);
	}
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: load PROCESSES DIRECTORY\n");
		return 2;
	}
	for (int left = atoi(argv[1]); left >= 0; left--) {
		pid_t child = fork();
		if (child < 0)
			return 1;
		if (child > 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (left == 0)
			touch_files(argv[2]);
		for (;;)
			pause();
	}
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}

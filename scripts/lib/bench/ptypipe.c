// SPDX-License-Identifier: MIT
/*
 * ptypipe: runs a program in a pseudo-terminal and connects the terminal to standard input and output.
 *
 *   ptypipe COLUMNS ROWS -- COMMAND ARGUMENT...
 *
 * While ptypipe is stopped by SIGSTOP, the program's output blocks, as on a link that stalls. Exits with the program's exit
 * code; the program is killed when ptypipe dies.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Copies what is available from one descriptor to another. Returns false at end of file. */
static bool copy_available(int from, int to)
{
	char buffer[65536];
	ssize_t count = read(from, buffer, sizeof(buffer));

	if (count <= 0)
		return count < 0 && errno == EINTR;
	for (ssize_t at = 0; at < count;) {
		ssize_t written = write(to, buffer + at, count - at);
		if (written < 0 && errno != EINTR)
			return false;
		at += written < 0 ? 0 : written;
	}
	return true;
}

int main(int argc, char **argv)
{
	int terminal, status;

	if (argc < 5 || strcmp(argv[3], "--") != 0) {
		fprintf(stderr, "usage: ptypipe COLUMNS ROWS -- COMMAND...\n");
		return 2;
	}
	struct winsize size = { .ws_col = atoi(argv[1]), .ws_row = atoi(argv[2]) };
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);
	if (pid < 0) {
		perror("ptypipe: forkpty");
		return 1;
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	struct pollfd ends[] = { { .fd = terminal, .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	while (poll(ends, 2, -1) > 0 || errno == EINTR) {
		if (ends[0].revents && !copy_available(terminal, 1))
			break;
		if (ends[1].revents && !copy_available(0, terminal))
			ends[1].fd = -1;
	}
	if (waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

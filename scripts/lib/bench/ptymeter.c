// SPDX-License-Identifier: MIT
/*
 * ptymeter: measures a full-screen program in a pseudo-terminal.
 *
 *   ptymeter [-a ANSWER] COLUMNS ROWS TEXT SETTLE SECONDS KEYS -- COMMAND ARGUMENT...
 *
 * ANSWER   text that the program paints after the key KEYS, which is typed SETTLE seconds after the first frame without
 *          waiting for a quiet terminal; only the first frame and this latency are measured
 * TEXT     text of the first frame, without escape sequences
 * SETTLE   seconds between the first frame and the measured interval
 * SECONDS  length of the measured interval; 0 measures the first frame only
 * KEYS     keys typed after the interval, each when the terminal is quiet: v is Down, ^ is Up, other bytes are
 *          themselves; "" types nothing
 *
 * Prints one line: milliseconds from fork to the first frame; per second of the interval the CPU milliseconds of the
 * process (all threads, exited ones included: clock_getcpuclockid(3)) and the bytes written to the terminal; the resident
 * set in KiB (/proc/PID/statm); the median milliseconds from a key to the first byte of output, or to ANSWER (-1 without
 * KEYS). Ends the program with SIGTERM.
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
#include <time.h>
#include <unistd.h>

enum { FIRST_FRAME_MS = 20000, QUIET_MS = 60, ANSWER_MS = 3000, END_MS = 3000, MAX_KEYS = 256, TAIL = 4096 };

static double clock_ms(clockid_t id)
{
	struct timespec now;

	if (clock_gettime(id, &now) != 0)
		return -1;
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double now_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

/* Reads within timeout milliseconds. Returns the number of bytes, 0 after the timeout, -1 when the program has exited. */
static ssize_t read_some(int terminal, char *buffer, size_t size, double timeout)
{
	struct pollfd wait = { .fd = terminal, .events = POLLIN };
	int ready = poll(&wait, 1, timeout < 0 ? 0 : (int)(timeout + 0.999));

	if (ready == 0 || (ready < 0 && errno == EINTR))
		return 0;
	ssize_t count = ready < 0 ? -1 : read(terminal, buffer, size);
	return count > 0 ? count : -1;
}

/* Reads for `duration` milliseconds and returns the number of bytes; -1 when the program has exited. */
static long read_for(int terminal, double duration)
{
	char buffer[65536];
	double end = now_ms() + duration;
	long total = 0;

	for (double left = duration; left > 0; left = end - now_ms()) {
		ssize_t count = read_some(terminal, buffer, sizeof(buffer), left);
		if (count < 0)
			return -1;
		total += count;
	}
	return total;
}

/* Removes escape sequences and control characters from a stream; sequences may be split between reads. */
static size_t printable(const char *bytes, size_t count, char *text)
{
	static enum { PLAIN, ESCAPE, CSI, STRING } state = PLAIN;
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned char byte = bytes[i];
		if (byte == 0x1b)
			state = ESCAPE;
		else if (state == ESCAPE)
			state = byte == '[' ? CSI : byte == ']' || byte == 'P' ? STRING : byte < 0x30 ? ESCAPE : PLAIN;
		else if (state == CSI)
			state = byte >= 0x40 && byte <= 0x7e ? PLAIN : CSI;
		else if (state == STRING)
			state = byte == 0x07 ? PLAIN : STRING;
		else if (byte >= 0x20)
			text[length++] = byte;
	}
	return length;
}

/* Waits up to `timeout` milliseconds for `text`. Returns its time on the monotonic clock, or -1. */
static double wait_for_text(int terminal, const char *text, double timeout)
{
	char buffer[65536], seen[TAIL + 65536];
	size_t length = 0;
	double end = now_ms() + timeout;

	while (now_ms() < end) {
		ssize_t count = read_some(terminal, buffer, sizeof(buffer), end - now_ms());
		double at = now_ms();
		if (count < 0)
			return -1;
		length += printable(buffer, count, seen + length);
		if (memmem(seen, length, text, strlen(text)))
			return at;
		if (length > TAIL) {
			memmove(seen, seen + length - TAIL, TAIL);
			length = TAIL;
		}
	}
	return -1;
}

static int by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Types one key: v is Down, ^ is Up. Returns false when the program has exited. */
static bool type_key(int terminal, char key)
{
	const char *sequence = key == 'v' ? "\033[B" : key == '^' ? "\033[A" : (const char[]){ key, 0 };
	size_t length = strlen(sequence);

	return write(terminal, sequence, length) == (ssize_t)length;
}

/* Types each key when the terminal is quiet; returns the median time to the first byte of output, or -1. */
static double key_latency(int terminal, const char *keys)
{
	char buffer[65536];
	double times[MAX_KEYS];
	size_t answers = 0;

	for (size_t i = 0; keys[i] && answers < MAX_KEYS; i++) {
		ssize_t count;
		while ((count = read_some(terminal, buffer, sizeof(buffer), QUIET_MS)) > 0)
			;
		double typed = now_ms();
		if (count < 0 || !type_key(terminal, keys[i]))
			return -1;
		if (read_some(terminal, buffer, sizeof(buffer), ANSWER_MS) > 0)
			times[answers++] = now_ms() - typed;
	}
	qsort(times, answers, sizeof(times[0]), by_size);
	return answers ? times[answers / 2] : -1;
}

/* Types a key at once; returns the time until `answer` is painted, or -1. */
static double answer_latency(int terminal, char key, const char *answer)
{
	double typed = now_ms();

	if (!type_key(terminal, key))
		return -1;
	double painted = wait_for_text(terminal, answer, ANSWER_MS);
	return painted < 0 ? -1 : painted - typed;
}

static long resident_kib(pid_t pid)
{
	char path[64];
	long size, resident = -1;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return -1;
	if (fscanf(file, "%ld %ld", &size, &resident) != 2)
		resident = -1;
	fclose(file);
	return resident < 0 ? -1 : resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Ends the program with SIGTERM, then SIGKILL. Reads its last output, so that it does not block. */
static void end_program(pid_t pid, int terminal)
{
	double end = now_ms() + END_MS;

	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (now_ms() > end)
			kill(pid, SIGKILL);
		if (read_for(terminal, 10) < 0)
			usleep(1000);
	}
}

static int fail(const char *what)
{
	fprintf(stderr, "ptymeter: %s\n", what);
	return 1;
}

int main(int argc, char **argv)
{
	const char *answer = NULL;

	if (argc > 2 && strcmp(argv[1], "-a") == 0) {
		answer = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 9 || strcmp(argv[7], "--") != 0)
		return fail("usage: ptymeter [-a ANSWER] COLUMNS ROWS TEXT SETTLE SECONDS KEYS -- COMMAND...");
	struct winsize size = { .ws_col = atoi(argv[1]), .ws_row = atoi(argv[2]) };
	double settle = atof(argv[4]) * 1e3, interval = atof(argv[5]) * 1e3;
	double cpu_per_s = -1, bytes_per_s = -1, key = -1;
	int terminal;

	double start = now_ms();
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);
	if (pid < 0)
		return fail("cannot open a pseudo-terminal");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[8], argv + 8);
		_exit(127);
	}
	double painted = wait_for_text(terminal, argv[3], FIRST_FRAME_MS);
	clockid_t cpu_clock;
	if (painted < 0 || clock_getcpuclockid(pid, &cpu_clock) != 0) {
		end_program(pid, terminal);
		return fail("no first frame within 20 seconds");
	}
	if (answer) {
		read_for(terminal, settle);
	} else if (interval > 0) {
		read_for(terminal, settle);
		double cpu = clock_ms(cpu_clock), started = now_ms();
		long bytes = read_for(terminal, interval);
		double seconds = (now_ms() - started) / 1e3;
		if (bytes < 0)
			return fail("the program exited during the measurement");
		cpu_per_s = (clock_ms(cpu_clock) - cpu) / seconds;
		bytes_per_s = bytes / seconds;
	}
	long resident = resident_kib(pid);
	key = answer ? answer_latency(terminal, argv[6][0], answer) : key_latency(terminal, argv[6]);
	end_program(pid, terminal);
	printf("%.1f %.2f %.0f %ld %.2f\n", painted - start, cpu_per_s, bytes_per_s, resident, key);
	return 0;
}

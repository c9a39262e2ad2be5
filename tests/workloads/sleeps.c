/*
 * sleeps: waits in two places, whose stacks differ. In short_sleeps() 101 times 3 ms, in long_sleeps() 11 times 50 ms, both by
 * clock_nanosleep(2), and 23 times for a byte of a pipe that another process writes after 5 ms: in pipe_reads(). Prints the
 * microseconds that the calls took together: "short_us N", "long_us N", "pipe_us N", and how often its thread went to sleep, as the
 * kernel counts it (proc_pid_status(5)): "switches N". A thread that is preempted before it sleeps may find that its time is over, and
 * does not sleep. All functions keep frame pointers.
 */
#pragma GCC optimize("no-omit-frame-pointer", "no-optimize-sibling-calls")
#include "workload.h"
#include <sys/wait.h>
#include <time.h>

static long now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Sleeps, and returns how long the call took. */
__attribute__((noinline)) static long sleep_ms(long ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	long start = now_us();
	MUST(nanosleep(&time, NULL) == 0);
	return now_us() - start;
}

__attribute__((noinline)) long short_sleeps(void)
{
	long sum = 0;
	for (int i = 0; i < 101; i++)
		sum += sleep_ms(3);
	return sum;
}

__attribute__((noinline)) long long_sleeps(void)
{
	long sum = 0;
	for (int i = 0; i < 11; i++)
		sum += sleep_ms(50);
	return sum;
}

__attribute__((noinline)) long pipe_reads(void)
{
	long sum = 0;
	int ends[2];
	char byte = 0;
	MUST(pipe(ends) == 0);
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0) {
		for (int i = 0; i < 23; i++) {
			usleep(5000);
			MUST(write(ends[1], &byte, 1) == 1);
		}
		_exit(0);
	}
	for (int i = 0; i < 23; i++) {
		long start = now_us();
		MUST(read(ends[0], &byte, 1) == 1);
		sum += now_us() - start;
	}
	MUST(waitpid(child, NULL, 0) == child);
	return sum;
}

static long voluntary_switches(void)
{
	char line[128];
	long count = -1;
	FILE *file = fopen("/proc/self/status", "r");
	MUST(file);
	while (fgets(line, sizeof(line), file))
		sscanf(line, "voluntary_ctxt_switches: %ld", &count);
	fclose(file);
	MUST(count >= 0);
	return count;
}

int main(void)
{
	gate_block();
	ready();
	gate_wait();
	long before = voluntary_switches();
	long short_us = short_sleeps(), long_us = long_sleeps(), pipe_us = pipe_reads();
	long switches = voluntary_switches() - before;
	printf("short_us %ld\nlong_us %ld\npipe_us %ld\nswitches %ld\n", short_us, long_us, pipe_us, switches);
	return 0;
}

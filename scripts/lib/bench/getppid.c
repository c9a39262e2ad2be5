/*
 * getppid: prints the nanoseconds that a getppid(2) takes: the least average of 5,000 calls among 60.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CALLS 5000

static double now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(void)
{
	double least = 1e9;

	for (int round = 0; round < 60; round++) {
		double start = now_ns(), average;

		for (int i = 0; i < CALLS; i++)
			syscall(SYS_getppid);
		average = (now_ns() - start) / CALLS;
		if (average < least)
			least = average;
	}
	printf("%.1f\n", least);
	return 0;
}

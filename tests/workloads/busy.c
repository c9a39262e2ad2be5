/*
 * busy SECONDS: computes for SECONDS of CPU time, three quarters in heavy() and one quarter in light(), which middle() calls. Prints
 * the microseconds of CPU time of both: "heavy_us N", "light_us N". All functions keep frame pointers.
 */
#pragma GCC optimize("no-omit-frame-pointer", "no-optimize-sibling-calls")
#include "workload.h"
#include <time.h>

static volatile unsigned long sink;

static long cpu_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#define COMPUTE(rounds)                                                                                          \
	for (unsigned long i = 0; i < (rounds); i++)                                                             \
	sink = sink * 7 + i

__attribute__((noinline)) void heavy(unsigned long rounds)
{
	COMPUTE(rounds);
}

__attribute__((noinline)) void light(unsigned long rounds)
{
	COMPUTE(rounds);
}

__attribute__((noinline)) void middle(unsigned long rounds)
{
	light(rounds);
	sink++;
}

/* Calls a function until it has used so much CPU time, and returns how much it used. */
__attribute__((noinline)) long spend(void (*function)(unsigned long), long us)
{
	long start = cpu_us(), used = 0;
	while (used < us) {
		function(300000);
		used = cpu_us() - start;
	}
	return used;
}

int main(int argc, char **argv)
{
	long total, heavy_us = 0, light_us = 0;
	MUST(argc == 2);
	total = atol(argv[1]) * 1000000;
	gate_block();
	ready();
	gate_wait();
	while (heavy_us + light_us < total) {
		heavy_us += spend(heavy, 37000);
		light_us += spend(middle, heavy_us / 3 - light_us);
	}
	printf("heavy_us %ld\nlight_us %ld\n", heavy_us, light_us);
	return 0;
}

/* spinners SECONDS: five threads compute on CPU 0 for SECONDS, so that each waits for the other four. */
#include "workload.h"
#include <pthread.h>
#include <sched.h>
#include <time.h>

static struct timespec end;

static void *spin(void *unused)
{
	struct timespec now;
	cpu_set_t cpu;
	(void)unused;
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	MUST(sched_setaffinity(0, sizeof(cpu), &cpu) == 0);
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[5];
	gate_block();
	MUST(argc == 2);
	ready();
	gate_wait();
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += atoi(argv[1]);
	for (int i = 0; i < 5; i++)
		MUST(pthread_create(&threads[i], NULL, spin, NULL) == 0);
	for (int i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/*
 * pingpong [ROUNDS]: two threads on CPU 0 pass a token to each other through futexes, ROUNDS times (default: 10007). Both are named
 * pingpong-player. Each pass is a wake-up and a wait for the CPU. Afterwards both sleep. "waits N" is the number of their context
 * switches since "ready", as the kernel counts them (proc_pid_status(5)). Between two sleeps a thread gets the CPU as often as it
 * loses it, each time after a wait on the run queue. (The third field of schedstat is no substitute: a thread that is preempted
 * between setting its state and sleeping waits on the run queue, and schedstat does not count it.) "own N" is the same for the main
 * thread. The workload then sleeps until it is killed, so that its exit is not counted.
 */
#include "workload.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>

static uint32_t turn; /* The round, from 1: the parity is the index of the player; 0: not started. */
static uint32_t done;
static int rounds = 10007;
static pid_t tids[2];
static uint32_t started;

static void futex_wait(uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 2, NULL, NULL, 0);
}

static void *player(void *argument)
{
	uint32_t mine = (uintptr_t)argument, now;
	cpu_set_t cpu;
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	MUST(sched_setaffinity(0, sizeof(cpu), &cpu) == 0);
	MUST(pthread_setname_np(pthread_self(), "pingpong-player") == 0);
	tids[mine] = syscall(SYS_gettid);
	__atomic_fetch_add(&started, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		while ((now = __atomic_load_n(&turn, __ATOMIC_SEQ_CST)) % 2 != mine || now == 0 || now > (uint32_t)rounds)
			futex_wait(&turn, now);
		__atomic_store_n(&turn, now + 1, __ATOMIC_SEQ_CST);
		futex_wake(&turn);
		if (now == (uint32_t)rounds) {
			__atomic_store_n(&done, 1, __ATOMIC_SEQ_CST);
			futex_wake(&done);
		}
	}
	return NULL;
}

/* Context switches of a thread, voluntary and involuntary. */
static unsigned long waits(pid_t tid)
{
	char path[64], line[128];
	unsigned long count, sum = 0;
	int fields = 0;
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	FILE *file = fopen(path, "r");
	MUST(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "voluntary_ctxt_switches: %lu", &count) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lu", &count) == 1) {
			sum += count;
			fields++;
		}
	fclose(file);
	MUST(fields == 2);
	return sum;
}

/* Waits until the thread sleeps and is off the run queue: only then its "syscall" is a number. */
static void asleep(pid_t tid)
{
	char path[64], text[256];
	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", tid);
	do {
		usleep(10000);
		FILE *file = fopen(path, "r");
		MUST(file && fgets(text, sizeof(text), file));
		fclose(file);
	} while (text[0] == 'r');
}

static unsigned long players_waits(void)
{
	asleep(tids[0]);
	asleep(tids[1]);
	return waits(tids[0]) + waits(tids[1]);
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	if (argc > 1)
		rounds = atoi(argv[1]);
	gate_block();
	for (uintptr_t i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, player, (void *)i) == 0);
	while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) < 2)
		usleep(1000);
	unsigned long before = players_waits(), own = waits(getpid());
	ready();
	gate_wait();
	__atomic_store_n(&turn, 1, __ATOMIC_SEQ_CST);
	futex_wake(&turn);
	while (!__atomic_load_n(&done, __ATOMIC_SEQ_CST))
		futex_wait(&done, 0);
	unsigned long after = players_waits();
	dprintf(1, "tids %d %d\nown %lu\n", tids[0], tids[1], waits(getpid()) - own);
	dprintf(1, "waits %lu\n", after - before);
	for (;;)
		pause();
}

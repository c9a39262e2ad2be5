/* leader: the first thread ends at once; the second one waits for the signal. */
#include "workload.h"
#include <pthread.h>

static void *wait_for_signal(void *unused)
{
	(void)unused;
	gate_wait();
	exit(0);
}

int main(void)
{
	pthread_t second;

	gate_block();
	MUST(pthread_create(&second, NULL, wait_for_signal, NULL) == 0);
	ready();
	pthread_exit(NULL);
}

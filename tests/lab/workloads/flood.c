/*
 * flood COUNT [RATE]: COUNT opens of "file", RATE of them a second (as fast as possible unless told). Prints "opens COUNT"
 * and "ms" with the time it took at the end.
 */
#include "workload.h"
#include <sys/syscall.h>
#include <time.h>

static long long now_ns(void)
{
	struct timespec time;
	MUST(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void sleep_until(long long ns)
{
	struct timespec time = { ns / 1000000000LL, ns % 1000000000LL };
	MUST(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == 0);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 100003;
	long rate = argc > 2 ? atol(argv[2]) : 0;
	gate_block();
	/* Tests on this machine do not read what is printed. */
	signal(SIGPIPE, SIG_IGN);
	enter_directory("flood");
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	ready();
	gate_wait();
	long long began = now_ns();
	for (long done = 0; done < count; done++) {
		/* Every hundred: sleep until as much time has passed as they may take. */
		if (rate && done % 100 == 0)
			sleep_until(began + done * (1000000000LL / rate));
		fd = syscall(SYS_openat, AT_FDCWD, "file", O_RDONLY);
		MUST(fd >= 0);
		MUST(close(fd) == 0);
	}
	dprintf(1, "opens %ld\nms %lld\n", count, (now_ns() - began) / 1000000);
	return 0;
}

/*
 * dirty DIRECTORY: makes the kernel put a writer to sleep until fewer pages are dirty. Changes vm.dirty_bytes: for guests only.
 *
 *   509 write of 65536 bytes to a new file in DIRECTORY
 *     1 write to /proc/sys/vm/dirty_bytes, which allows 1 MiB of dirty pages
 *   101 write of 65536 bytes to that file
 *
 * Prints "slept N": how often the program gave up its CPU in the last ones.
 */
#include "workload.h"
#include <sys/resource.h>

static char block[65536];

static long voluntary_switches(void)
{
	struct rusage usage;
	MUST(getrusage(RUSAGE_SELF, &usage) == 0);
	return usage.ru_nvcsw;
}

int main(int count, char **arguments)
{
	int fd, limit;
	long before;
	MUST(count == 2);
	gate_block();
	enter_directory_in(arguments[1], "dirty");
	MUST((fd = open("dirty", O_WRONLY | O_CREAT, 0600)) >= 0);
	MUST((limit = open("/proc/sys/vm/dirty_bytes", O_WRONLY)) >= 0);
	ready();
	gate_wait();
	for (int i = 0; i < 509; i++)
		MUST(write(fd, block, sizeof(block)) == sizeof(block));
	before = voluntary_switches();
	MUST(write(limit, "1048576", 7) == 7);
	for (int i = 0; i < 101; i++)
		MUST(write(fd, block, sizeof(block)) == sizeof(block));
	printf("slept %ld\n", voluntary_switches() - before);
	return 0;
}

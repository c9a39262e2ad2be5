/*
 * deep: writes of 512 bytes to files deep below the workload's directory.
 *
 *   61 levels below    103 writes: as deep as real programs go
 *   601 levels below    59 writes: deeper than the tools follow
 */
#include "workload.h"

static char block[512];

/* Goes down to the level, making the directories, and opens a file there. */
static int open_at(int *level, int wanted, const char *name)
{
	for (; *level < wanted; ++*level)
		MUST(mkdir("d", 0700) == 0 && chdir("d") == 0);
	int fd = open(name, O_WRONLY | O_CREAT, 0600);
	MUST(fd >= 0);
	return fd;
}

int main(void)
{
	int level = 0;
	gate_block();
	enter_directory("deep");
	int near = open_at(&level, 61, "near"), far = open_at(&level, 601, "far");
	ready();
	gate_wait();
	for (int i = 0; i < 103; i++)
		MUST(write(near, block, sizeof(block)) == sizeof(block));
	for (int i = 0; i < 59; i++)
		MUST(write(far, block, sizeof(block)) == sizeof(block));
	return 0;
}

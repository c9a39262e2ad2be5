/* many_files: writes 3 bytes once to each of 20011 files: more (file, thread) pairs than filetop's map holds. */
#include "workload.h"

int main(void)
{
	char path[32];
	gate_block();
	enter_directory("many_files");
	ready();
	gate_wait();
	for (int i = 0; i < 20011; i++) {
		snprintf(path, sizeof(path), "f%d", i);
		int fd = open(path, O_WRONLY | O_CREAT, 0600);
		MUST(fd >= 0);
		MUST(write(fd, "abc", 3) == 3);
		close(fd);
	}
	return 0;
}

/* steady_reads: 1000003 reads of 16 bytes, one after the other, for many intervals of ktop. */
#include "workload.h"

int main(void)
{
	char buffer[16];
	gate_block();
	enter_directory("steady_reads");
	int fd = open("steady.dat", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	MUST(write(fd, buffer, sizeof(buffer)) == sizeof(buffer));
	ready();
	gate_wait();
	for (int i = 0; i < 1000003; i++)
		MUST(pread(fd, buffer, sizeof(buffer), 0) == sizeof(buffer));
	return 0;
}

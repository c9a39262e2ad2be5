/*
 * getppid: 1,000,003 calls of getppid(2), a system call that no tool reports.
 */
#include "workload.h"
#include <sys/syscall.h>

int main(void)
{
	gate_block();
	ready();
	gate_wait();
	for (int i = 0; i < 1000003; i++)
		syscall(SYS_getppid);
	return 0;
}

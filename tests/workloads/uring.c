/*
 * uring: 59 writes and 61 reads of 512 bytes through io_uring (IORING_OP_WRITE and IORING_OP_READ, one at a time) on the
 * regular file "uring.dat".
 */
#include "workload.h"
#include "ring.h"

int main(void)
{
	static char block[512];
	struct ring ring;
	gate_block();
	enter_directory("uring");
	int fd = open("uring.dat", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	ring_open(&ring);
	ready();
	gate_wait();
	for (int i = 0; i < 59 + 61; i++) {
		struct io_uring_sqe sqe = {
			.opcode = i < 59 ? IORING_OP_WRITE : IORING_OP_READ,
			.fd = fd,
			.addr = (uintptr_t)block,
			.len = sizeof(block),
			.off = (i % 59) * sizeof(block),
		};
		MUST(operate(&ring, &sqe) == sizeof(block));
	}
	return 0;
}

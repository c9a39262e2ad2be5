/*
 * unrelated: rounds of 10,007 calls of getppid(2), a system call that no tool reports. Prints how often all BPF programs of the
 * machine ran in each round, as the kernel counts it (BPF_ENABLE_STATS).
 */
#include "workload.h"
#include <linux/bpf.h>
#include <stdint.h>
#include <sys/syscall.h>

enum { ROUNDS = 101, CALLS = 10007, MAX_PROGRAMS = 512 };

static int programs[MAX_PROGRAMS];
static int program_count;

static int bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static void open_programs(void)
{
	union bpf_attr next = {};

	while (bpf(BPF_PROG_GET_NEXT_ID, &next) == 0) {
		union bpf_attr program = { .prog_id = next.next_id };

		MUST(program_count < MAX_PROGRAMS);
		MUST((programs[program_count++] = bpf(BPF_PROG_GET_FD_BY_ID, &program)) >= 0);
		next.start_id = next.next_id;
	}
	MUST(errno == ENOENT && program_count > 0);
}

static uint64_t runs(void)
{
	uint64_t sum = 0;

	for (int i = 0; i < program_count; i++) {
		struct bpf_prog_info info = {};
		union bpf_attr query = { .info = { .bpf_fd = programs[i], .info_len = sizeof(info), .info = (uintptr_t)&info } };

		MUST(bpf(BPF_OBJ_GET_INFO_BY_FD, &query) == 0);
		sum += info.run_cnt;
	}
	return sum;
}

int main(void)
{
	union bpf_attr statistics = { .enable_stats = { .type = BPF_STATS_RUN_TIME } };
	uint64_t made[ROUNDS];

	gate_block();
	ready();
	gate_wait();
	open_programs();
	MUST(bpf(BPF_ENABLE_STATS, &statistics) >= 0);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t before = runs();

		for (int i = 0; i < CALLS; i++)
			syscall(SYS_getppid);
		made[round] = runs() - before;
	}
	for (int round = 0; round < ROUNDS; round++)
		printf("runs %llu\n", (unsigned long long)made[round]);
	return 0;
}

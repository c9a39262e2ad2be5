/*
 * cpu_clock HZ SECONDS: samples all CPUs for SECONDS after the signal, by the clock of each CPU and the kernel's own ring buffers: a
 * judge for profile. On a busy host the kernel of a guest skips samples when the host does not run its CPUs, so that HZ × CPUs ×
 * seconds is only an upper bound. Prints "samples" and the times of all samples, milliseconds since the epoch.
 */
#include "workload.h"
#include <linux/perf_event.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#define MAX_CPUS 64
#define RING_BYTES (1 << 20)

struct ring {
	int fd;
	struct perf_event_mmap_page *page;
};

static struct ring rings[MAX_CPUS];

static int open_clock(int cpu, unsigned long frequency)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1,
		.sample_freq = frequency,
		.sample_type = PERF_SAMPLE_TIME,
		.use_clockid = 1,
		.clockid = CLOCK_REALTIME,
		.watermark = 1,
		.wakeup_watermark = RING_BYTES,
	};
	return syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, 0);
}

/* Prints the times of the samples in a ring, which has room for all. */
static void print_samples(struct ring *ring)
{
	char *data = (char *)ring->page + sysconf(_SC_PAGESIZE);
	uint64_t head = ring->page->data_head;
	MUST(head < RING_BYTES);
	for (uint64_t at = 0; at < head;) {
		struct perf_event_header *header = (void *)(data + at);
		uint64_t *time_ns = (void *)(header + 1);
		if (header->type == PERF_RECORD_SAMPLE)
			printf(" %llu", (unsigned long long)(*time_ns / 1000000));
		at += header->size;
	}
}

int main(int argc, char **argv)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	MUST(argc == 3 && cpus <= MAX_CPUS);
	gate_block();
	ready();
	gate_wait();
	for (int cpu = 0; cpu < cpus; cpu++) {
		rings[cpu].fd = open_clock(cpu, atoi(argv[1]));
		MUST(rings[cpu].fd >= 0);
		rings[cpu].page = mmap(NULL, sysconf(_SC_PAGESIZE) + RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
				       rings[cpu].fd, 0);
		MUST(rings[cpu].page != MAP_FAILED);
	}
	sleep(atoi(argv[2]));
	printf("cpus %d\nsamples", cpus);
	for (int cpu = 0; cpu < cpus; cpu++)
		print_samples(&rings[cpu]);
	printf("\n");
	return 0;
}

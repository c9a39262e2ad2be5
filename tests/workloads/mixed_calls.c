/*
 * mixed_calls: prime numbers of system calls of many kinds.
 *
 *   getppid        1009; and 17 as a 32-bit program, if the kernel has its calls
 *   lseek          503
 *   close          101 that fail with EBADF
 *   faccessat      211 that fail with ENOENT
 *   kill           13, each with a signal handler, which ends in rt_sigreturn; one rt_sigaction
 *   rt_sigsuspend  11 that a signal interrupts (EINTR), each after one more kill, with its handler; one rt_sigprocmask. The kernel's
 *                  own result is ERESTARTNOHAND, and rt_sigreturn restores the EINTR
 *   clone          7, each with a child that makes 3 calls of getppid and exits
 *   wait4          7
 *   nanosleep      5 of 20 ms
 *   clock_gettime  2
 *   number 999     2 that fail with ENOSYS; it does not exist
 *   other numbers  3 of 9999 and 5 of -1, which fail with ENOSYS
 *   write          1, at the end
 *
 * Prints the number of 32-bit calls, and the time around the calls of nanosleep. With an argument it does not wait for its signal.
 */
#include "workload.h"
#include <sys/syscall.h>
#include <time.h>
#include "call32.h"

#define CALLS32 17
#define CHILDREN 7

static void ignore(int number)
{
	(void)number;
}

static long now_us(void)
{
	struct timespec now;
	/* The call itself: without a clock in the vDSO, as in the lab, the C library would make it, too. */
	MUST(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) == 0);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	(void)argv;
	gate_block();
	int fd = open("/dev/null", O_RDONLY);
	MUST(fd >= 0);
	int calls32 = has_call32() ? CALLS32 : 0;
	if (argc == 1) {
		ready();
		gate_wait();
	}
	for (int i = 0; i < 1009; i++)
		syscall(SYS_getppid);
	/* 64: getppid */
	for (int i = 0; i < calls32; i++)
		MUST(call32(64, 0) >= 0);
	for (int i = 0; i < 503; i++)
		MUST(syscall(SYS_lseek, fd, 0, SEEK_SET) == 0);
	for (int i = 0; i < 101; i++)
		MUST_FAIL(syscall(SYS_close, -1), EBADF);
	for (int i = 0; i < 211; i++)
		MUST_FAIL(syscall(SYS_faccessat, AT_FDCWD, "/absent", F_OK), ENOENT);
	signal(SIGUSR2, ignore);
	pid_t pid = getpid();
	for (int i = 0; i < 13; i++)
		MUST(syscall(SYS_kill, pid, SIGUSR2) == 0);
	sigset_t blocked, none;
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	MUST(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0);
	for (int i = 0; i < 11; i++) {
		MUST(syscall(SYS_kill, pid, SIGUSR2) == 0);
		MUST_FAIL(sigsuspend(&none), EINTR);
	}
	for (int i = 0; i < CHILDREN; i++) {
		long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
		MUST(child >= 0);
		if (!child) {
			for (int call = 0; call < 3; call++)
				syscall(SYS_getppid);
			syscall(SYS_exit_group, 0);
		}
		MUST(syscall(SYS_wait4, child, 0, 0, 0) == child);
	}
	long start = now_us();
	for (int i = 0; i < 5; i++)
		MUST(syscall(SYS_nanosleep, &(struct timespec){ .tv_nsec = 20000000 }, 0) == 0);
	long slept_us = now_us() - start;
	for (int i = 0; i < 2; i++)
		MUST_FAIL(syscall(999), ENOSYS);
	for (int i = 0; i < 3; i++)
		MUST_FAIL(syscall(9999), ENOSYS);
	for (int i = 0; i < 5; i++)
		MUST_FAIL(syscall(-1), ENOSYS);
	char text[64];
	int length = snprintf(text, sizeof(text), "calls32 %d\nslept_us %ld\n", calls32, slept_us);
	MUST(write(1, text, length) == length);
	return 0;
}

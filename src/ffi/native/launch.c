// SPDX-License-Identifier: MIT
/*
 * Starts a command in two steps: a child process that waits, and later the command in it. One command a process. Between the second
 * step and execve(2) the child makes no system call, so that all it does is the command's. Until the command has ended, signals that
 * other processes send to this one are forwarded to it. Linked without libraries: the symbols are those of the libc in the process.
 *
 * A detached command leaves the terminal to this process: it has another session, so that it cannot open /dev/tty, reads nothing, and
 * what it writes to a terminal is kept here and printed later. If children of it outlive this process, another one takes over their output.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launch_output.h"

/* The child looks for its parent after so many turns of waiting without a system call. */
#define TURNS (1L << 28)

extern char **environ;

static const int forwarded[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
#define FORWARDED (sizeof(forwarded) / sizeof(*forwarded))

enum state { WAITING, READY, EXECUTE, CANCELLED };

/* Shared with the child. */
static enum state *state;
/* 0: no command runs. */
static volatile sig_atomic_t child;
/* A signal that arrived before the child was known. */
static volatile sig_atomic_t early_signal;
static struct sigaction previous[NSIG];
/* Write end: a byte makes the child ready. */
static int ready_fd = -1;
/* Read end: the errno of execve(2), or nothing if it succeeds. */
static int error_fd = -1;

/* The command is detached. */
static int detached;

/* A detached command leads a process group, once it has made its session. */
static void send(pid_t pid, int signal_number)
{
	if (!detached || kill(-pid, signal_number) != 0)
		kill(pid, signal_number);
}

/* A command that is stopped gets signals only when it continues. */
static void continue_if_stopped(pid_t pid)
{
	siginfo_t info = {};

	if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid)
		send(pid, SIGCONT);
}

/*
 * The terminal sends its signals (si_code > 0) to the command too if it is in the same process group. While the output of a detached
 * command is kept, a signal is also for this process.
 */
static void forward(int signal_number, siginfo_t *info, void *context)
{
	const struct sigaction *own = &previous[signal_number];
	pid_t pid = child; /* stop_forwarding() may set it to 0 at any time */
	int saved = errno;

	if (!pid)
		early_signal = signal_number;
	else if (info->si_code > 0 ? detached : info->si_pid != pid)
		send(pid, signal_number);
	if (pid)
		continue_if_stopped(pid);
	if (detached && !prints && own->sa_flags & SA_SIGINFO)
		own->sa_sigaction(signal_number, info, context);
	errno = saved;
}

static void start_forwarding(void)
{
	struct sigaction action = { .sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < FORWARDED; i++) {
		struct sigaction *own = &previous[forwarded[i]];

		sigaction(forwarded[i], NULL, own);
		if (own->sa_handler != SIG_IGN)
			sigaction(forwarded[i], &action, NULL);
	}
}

static void stop_forwarding(void)
{
	child = 0;
	for (size_t i = 0; i < FORWARDED; i++)
		sigaction(forwarded[i], &previous[forwarded[i]], NULL);
}

/*
 * The child: only async-signal-safe functions, because other threads may have held locks. glibc's execvp() is one, and with a slash in
 * the path it differs from execv() only for scripts without an interpreter line, which it gives to the shell.
 */
static void run_command(const char *path, char *const arguments[], char **variables, const sigset_t *mask, int wait_fd,
			int report_fd, int null_fd, int write_fd)
{
	const char *slash = strrchr(path, '/');
	pid_t parent = getppid();
	int error;
	char byte;

	if (detached) {
		setsid();
		dup2(null_fd, STDIN_FILENO);
		for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
			if (isatty(fd))
				dup2(write_fd, fd);
	}
	reset_signals();
	prctl(PR_SET_NAME, slash ? slash + 1 : path, 0, 0, 0);
	environ = variables;
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (read(wait_fd, &byte, 1) != 1)
		_exit(0);
	__atomic_store_n(state, READY, __ATOMIC_RELEASE);
	for (long turn = 1; __atomic_load_n(state, __ATOMIC_ACQUIRE) == READY; turn++)
		if (turn % TURNS == 0 && getppid() != parent)
			_exit(0);
	if (__atomic_load_n(state, __ATOMIC_ACQUIRE) == CANCELLED)
		_exit(0);
	execvp(path, arguments);
	error = errno;
	(void)!write(report_fd, &error, sizeof(error));
	_exit(NOT_EXECUTED);
}

static void close_pair(const int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

/* What the parent and the child share, which execve(2) closes. `null_fd` and `output` are for a detached command. */
struct descriptors {
	int ready[2], report[2], output[2], null_fd;
};

/* Returns 0 or an errno; then nothing is open. */
static int open_descriptors(struct descriptors *open_now)
{
	int *pairs[] = { open_now->ready, open_now->report, open_now->output };
	size_t opened = 0, wanted = detached ? 3 : 2;
	int error = 0;

	while (opened < wanted && error == 0) {
		if (pipe2(pairs[opened], O_CLOEXEC) == 0)
			opened++;
		else
			error = errno;
	}
	open_now->null_fd = -1;
	if (detached && error == 0) {
		open_now->null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (open_now->null_fd < 0 || fcntl(open_now->output[0], F_SETFL, O_NONBLOCK) != 0)
			error = errno;
	}
	while (error != 0 && opened > 0)
		close_pair(pairs[--opened]);
	return error;
}

/* Forks the child, which waits. `path` has a slash; `variables` are its environment. Returns its process id or a negative errno. */
int ktop_fork_command(const char *path, char *const arguments[], char **variables, int is_detached)
{
	struct descriptors shared;
	sigset_t all, before;
	int error;
	pid_t pid;

	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (state == MAP_FAILED)
		return -errno;
	detached = is_detached;
	error = open_descriptors(&shared);
	if (error != 0)
		return -error;
	start_forwarding();
	/* A signal does not run this process's handlers in the child. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0) {
		close(shared.ready[1]);
		run_command(path, arguments, variables, &before, shared.ready[0], shared.report[1], shared.null_fd,
			    shared.output[1]);
	}
	error = errno;
	if (pid > 0) {
		child = pid;
		if (early_signal)
			send(child, early_signal);
	} else {
		stop_forwarding();
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	close(shared.ready[0]);
	close(shared.report[1]);
	if (detached) {
		close(shared.null_fd);
		close(shared.output[1]);
		output_fd = shared.output[0];
	}
	ready_fd = shared.ready[1];
	error_fd = shared.report[0];
	return pid > 0 ? pid : -error;
}

static void pause_us(long microseconds)
{
	struct timespec time = { .tv_nsec = microseconds * 1000 };

	nanosleep(&time, NULL);
}

/* Whether the child has ended. It stays a zombie, so that its id is not used again. */
static int has_ended(int options)
{
	siginfo_t info = {};

	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | options) != 0)
		if (errno != EINTR)
			return 1;
	return info.si_pid != 0;
}

/* Waits until the child makes no more system calls before execve(2). Returns whether it does; false: it has ended. */
int ktop_ready_command(void)
{
	(void)!write(ready_fd, "", 1);
	while (__atomic_load_n(state, __ATOMIC_ACQUIRE) != READY) {
		if (has_ended(WNOHANG))
			return 0;
		pause_us(50);
	}
	return 1;
}

/* Executes the command. Returns 0, or the errno of execve(2): the child has ended then, or will at once. */
int ktop_execute_command(void)
{
	int error = 0;
	ssize_t count;

	__atomic_store_n(state, EXECUTE, __ATOMIC_RELEASE);
	do
		count = read(error_fd, &error, sizeof(error));
	while (count < 0 && errno == EINTR);
	return count == sizeof(error) ? error : 0;
}

/* Ends a child that has not been told to execute the command. */
void ktop_cancel_command(void)
{
	__atomic_store_n(state, CANCELLED, __ATOMIC_RELEASE);
	close(ready_fd);
}

/* Waits for the end of the child. Returns its exit code, 128 + n if signal n ended it. No signal is forwarded afterwards. */
int ktop_wait_command(void)
{
	pid_t pid = child;
	int status = 0;

	has_ended(0);
	stop_forwarding();
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Interrupts a command that has not ended, also one that is stopped. */
void ktop_interrupt_command(void)
{
	pid_t pid = child;

	if (!pid)
		return;
	send(pid, SIGINT);
	continue_if_stopped(pid);
}

/* Stops a command that has not ended, or lets it continue. Its process group is orphaned, so that only SIGSTOP stops it. */
void ktop_suspend_command(int is_suspended)
{
	pid_t pid = child;

	if (pid)
		send(pid, is_suspended ? SIGSTOP : SIGCONT);
}

// SPDX-License-Identifier: MIT
/*
 * Ends the process, and restores the terminal first, when a signal arrives that the event loop cannot handle: JavaScript
 * is busy, or the signal kills. Deno runs listeners on the event loop only.
 *
 * A signal that ends a run goes to Deno's handler. If the process still exists after a time limit, or if another such
 * signal follows, the signal's default action ends it. Only async-signal-safe functions are called (signal-safety(7)).
 */
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MAX_SIGNAL 64
/* When a terminal is closed, the kernel and the shell each send SIGHUP: later ones within this time are no second wish. */
#define SAME_MS 100
/* How long a stalled terminal may delay the end. */
#define STALL_MS 200

static struct sigaction previous[MAX_SIGNAL + 1];
static unsigned limit_seconds;
static volatile sig_atomic_t first_signal;
static struct timespec first_time;

static char leave[256];
static volatile size_t leave_length;
static struct termios modes;
static volatile sig_atomic_t has_modes;
static int input;

static void restore_terminal(void)
{
	size_t length = leave_length;
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	leave_length = 0;
	if (length == 0)
		return;
	for (size_t sent = 0; sent < length && poll(&output, 1, STALL_MS) == 1;) {
		ssize_t taken = write(STDOUT_FILENO, leave + sent, length - sent);

		if (taken < 0)
			break;
		sent += (size_t)taken;
	}
	if (has_modes)
		tcsetattr(input, TCSANOW, &modes);
}

/* The signal is blocked while its handler runs: the default action follows when the handler returns. */
static void end_by(int signal_number)
{
	sigset_t set;

	restore_terminal();
	signal(signal_number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signal_number);
	raise(signal_number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static long elapsed_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - first_time.tv_sec) * 1000 + (now.tv_nsec - first_time.tv_nsec) / 1000000;
}

static void on_end(int signal_number, siginfo_t *info, void *context)
{
	if (first_signal != 0) {
		if (elapsed_ms() > SAME_MS)
			end_by(signal_number);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &first_time);
	first_signal = signal_number;
	alarm(limit_seconds);
	if (previous[signal_number].sa_flags & SA_SIGINFO)
		previous[signal_number].sa_sigaction(signal_number, info, context);
}

static void on_alarm(int signal_number, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	end_by(first_signal != 0 ? first_signal : signal_number);
}

/* Rust's handler for a fault reports stack overflow: it runs when the faulting instruction is repeated. */
static void on_death(int signal_number, siginfo_t *info, void *context)
{
	int is_fault = info->si_code > 0 && (signal_number == SIGSEGV || signal_number == SIGBUS);

	(void)context;
	if (!is_fault) {
		end_by(signal_number);
		return;
	}
	restore_terminal();
	sigaction(signal_number, &previous[signal_number], NULL);
}

/* An ignored signal stays ignored. */
static void replace(int signal_number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	sigemptyset(&action.sa_mask);
	if (sigaction(signal_number, NULL, &previous[signal_number]) != 0)
		return;
	if (previous[signal_number].sa_handler != SIG_IGN)
		sigaction(signal_number, &action, NULL);
}

/* Guards the end of the process by `signals`, which have a handler already. `seconds`: how long each may take. */
void guard_signals(const int *signals, unsigned count, unsigned seconds)
{
	limit_seconds = seconds;
	for (unsigned i = 0; i < count; i++)
		replace(signals[i], on_end);
	replace(SIGALRM, on_alarm);
}

/*
 * Sets the sequences that restore the terminal. 0 bytes: nothing is restored. The first call, and one that follows 0 bytes,
 * saves the terminal's modes.
 */
void guard_terminal(const char *sequences, size_t length)
{
	static const int deadly[] = {
		SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGIO, SIGPROF, SIGPWR, SIGSEGV,
		SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2, SIGXCPU, SIGSTKFLT, SIGVTALRM,
	};
	static int installed;
	int was_off = leave_length == 0;

	leave_length = 0;
	if (length == 0 || length > sizeof(leave))
		return;
	if (was_off) {
		input = isatty(STDIN_FILENO) ? STDIN_FILENO : STDOUT_FILENO;
		has_modes = tcgetattr(input, &modes) == 0;
	}
	memcpy(leave, sequences, length);
	leave_length = length;
	if (installed)
		return;
	installed = 1;
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		replace(deadly[i], on_death);
}

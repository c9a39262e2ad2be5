// SPDX-License-Identifier: MIT
/* The output of a detached command: what it writes to a terminal is kept, and printed once the screen has gone. Part of launch.c. */

/* Exit code of a child that could not execute its program. */
#define NOT_EXECUTED 127

/* How much of the end of a detached command's output is kept, bytes. */
#define KEPT (1U << 20)
/* One read of it. */
#define PIECE (1U << 16)

/* The end of its output: the byte number n is at n % KEPT. */
static char kept[KEPT];
static size_t received;
/* Read end of its output, which is printed when it arrives once `prints` is set. */
static int output_fd = -1;
static volatile sig_atomic_t prints;
/* The last byte that was printed does not end a line. */
static int is_in_line;
/* Another process takes the output. */
static int is_handed_over;
static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;

/* Signals that are caught, and those that the runtime and ktop ignore for themselves, get their default action. */
static void reset_signals(void)
{
	struct sigaction action;

	for (int number = 1; number < NSIG; number++) {
		if (sigaction(number, NULL, &action) != 0)
			continue;
		if (action.sa_handler == SIG_IGN && number != SIGPIPE && number != SIGXFSZ)
			continue;
		action.sa_handler = SIG_DFL;
		action.sa_flags = 0;
		sigaction(number, &action, NULL);
	}
}

static void keep(const char *bytes, size_t length)
{
	for (size_t taken = 0; taken < length;) {
		size_t at = received % KEPT;
		size_t part = length - taken < KEPT - at ? length - taken : KEPT - at;

		memcpy(kept + at, bytes + taken, part);
		taken += part;
		received += part;
	}
}

/* Gives up when standard output is gone. */
static void print(const char *bytes, size_t length)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	is_in_line = bytes[length - 1] != '\n';
	for (size_t sent = 0; sent < length;) {
		ssize_t taken = write(STDOUT_FILENO, bytes + sent, length - sent);

		if (taken > 0)
			sent += (size_t)taken;
		else if (errno == EAGAIN)
			poll(&output, 1, -1);
		else if (errno != EINTR)
			return;
	}
}

/* Takes one piece of the output. Returns its length; 0: the last process that could write has ended; -1: there is none now. */
static ssize_t take_output(void)
{
	char piece[PIECE];
	ssize_t length = read(output_fd, piece, sizeof(piece));

	if (length > 0 && prints)
		print(piece, (size_t)length);
	else if (length > 0)
		keep(piece, (size_t)length);
	return length;
}

/* Takes the output of a detached command until the last process that could write has ended. */
void ktop_pump_output(void)
{
	struct pollfd output = { .fd = output_fd, .events = POLLIN };
	ssize_t length;

	do {
		poll(&output, 1, -1);
		pthread_mutex_lock(&output_lock);
		length = is_handed_over ? 0 : take_output();
		pthread_mutex_unlock(&output_lock);
	} while (length != 0);
}

/* Whether what was printed ends within a line. */
int ktop_output_is_in_line(void)
{
	return is_in_line;
}

/* Where to begin with what is kept: if the start is not kept, with the first line that is, unless nothing follows it. */
static size_t start_of_kept(void)
{
	size_t kept_from = received > KEPT ? received - KEPT : 0;

	if (kept_from == 0)
		return 0;
	for (size_t at = kept_from; at + 1 < received; at++)
		if (kept[at % KEPT] == '\n')
			return at + 1;
	return kept_from;
}

/*
 * Prints what is kept, once, and from now on what arrives; takes what has arrived, but does not wait for more. From now on signals are for
 * the command alone. Returns how many bytes at the start of the output were not printed.
 */
size_t ktop_print_output(void)
{
	size_t skipped = 0;

	pthread_mutex_lock(&output_lock);
	for (unsigned left = KEPT / PIECE; left > 0 && take_output() > 0; left--)
		;
	if (!prints) {
		prints = 1;
		skipped = start_of_kept();
		for (size_t first = skipped; first < received;) {
			size_t at = first % KEPT;
			size_t part = received - first < KEPT - at ? received - first : KEPT - at;

			print(kept + at, part);
			first += part;
		}
	}
	pthread_mutex_unlock(&output_lock);
	return skipped;
}

/* The child: only async-signal-safe functions. A shell, because a copy of this process takes 100 times as much memory. */
static void take_over_output(void)
{
	static const char script[] = "cat; exec cat >/dev/null";
	char *const arguments[] = { "ktop-output", "-c", (char *)script, NULL };
	sigset_t none;

	setsid();
	reset_signals();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	fcntl(output_fd, F_SETFL, 0);
	dup2(output_fd, STDIN_FILENO);
	syscall(SYS_close_range, STDERR_FILENO, ~0U, 0);
	execv("/bin/sh", arguments);
	_exit(NOT_EXECUTED);
}

/*
 * Lets a separate process print what children of the command, which outlive this process, write to the terminal; when the terminal has
 * gone, it reads on. Without it their next write would end them by SIGPIPE. Call it once, after ktop_print_output(); nothing is printed here
 * any more.
 */
void ktop_hand_over_output(void)
{
	struct pollfd output = { .fd = output_fd, .events = POLLIN };
	sigset_t all, before;

	pthread_mutex_lock(&output_lock);
	is_handed_over = 1;
	/* POLLHUP alone: no process can write, and nothing is left. */
	if (poll(&output, 1, 0) >= 0 && output.revents != POLLHUP) {
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		if (fork() == 0)
			take_over_output();
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	pthread_mutex_unlock(&output_lock);
}

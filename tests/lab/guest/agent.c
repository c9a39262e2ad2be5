/*
 * agent: starts programs for the lab and sends it their output. In a guest it runs as a child of init, with a serial port of
 * its own as its channel; natively its channel is a pipe. The same cases run in both.
 *
 *   agent PATH     the channel is the terminal at PATH, in raw mode
 *   agent -        the channel is standard input and output
 *
 * A frame is: magic "KTOP", u32 length of the payload, u32 CRC-32 of the payload, payload (little endian). A
 * payload is: u8 type, u32 id, data. The lab chooses the ids of programs. tests/lab/frame.ts is the other end.
 *
 *   to the agent     'S' start: argv, each string ended by NUL     'K' kill: u32 signal     'B' bye: end
 *   from the agent   'H' hello     'P' pid: u32     'O' 'E' output, errors: bytes     'X' exit: u32 status, 128+signal
 *
 * A program that cannot be started exits with 127. A bad frame ends the agent with status 1. The agent kills its programs
 * when it exits.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define MAX_PROGRAMS 64
#define MAX_ARGS 128
#define MAX_PAYLOAD 65536

struct program {
	uint32_t id;
	pid_t pid; /* 0: the slot is free */
	int out, err; /* -1: at its end */
};

static struct program programs[MAX_PROGRAMS];
static int channel_in, channel_out;
static uint32_t crc_table[256];

static void die(const char *what)
{
	dprintf(2, "agent: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Runs at each exit. */
static void kill_programs(void)
{
	for (int i = 0; i < MAX_PROGRAMS; i++)
		if (programs[i].pid)
			kill(programs[i].pid, SIGKILL);
}

static void make_crc_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;
		for (int k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
		crc_table[i] = c;
	}
}

static uint32_t crc32(const uint8_t *bytes, size_t length)
{
	uint32_t c = 0xffffffffu;
	for (size_t i = 0; i < length; i++)
		c = crc_table[(c ^ bytes[i]) & 0xff] ^ (c >> 8);
	return ~c;
}

static void write_all(const void *bytes, size_t length)
{
	const char *at = bytes;
	while (length > 0) {
		ssize_t n = write(channel_out, at, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("write");
		at += n;
		length -= n;
	}
}

static void read_all(void *bytes, size_t length)
{
	char *at = bytes;
	while (length > 0) {
		ssize_t n = read(channel_in, at, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			exit(n == 0 ? 0 : 1);
		at += n;
		length -= n;
	}
}

static void send_frame(char type, uint32_t id, const void *data, uint32_t length)
{
	static uint8_t frame[12 + 5 + MAX_PAYLOAD];
	uint32_t payload = 5 + length, crc;
	memcpy(frame, "KTOP", 4);
	memcpy(frame + 4, &payload, 4);
	frame[12] = type;
	memcpy(frame + 13, &id, 4);
	if (length > 0)
		memcpy(frame + 17, data, length);
	crc = crc32(frame + 12, payload);
	memcpy(frame + 8, &crc, 4);
	write_all(frame, 12 + payload);
}

static struct program *find(uint32_t id)
{
	for (int i = 0; i < MAX_PROGRAMS; i++)
		if (programs[i].pid && programs[i].id == id)
			return &programs[i];
	return NULL;
}

static void start(uint32_t id, char *data, uint32_t length)
{
	char *argv[MAX_ARGS + 1];
	int argc = 0, out[2], err[2];
	struct program *slot = NULL;

	for (uint32_t at = 0; at < length && argc < MAX_ARGS; at += strlen(data + at) + 1)
		argv[argc++] = data + at;
	argv[argc] = NULL;
	for (int i = 0; i < MAX_PROGRAMS && !slot; i++)
		if (!programs[i].pid)
			slot = &programs[i];
	if (!slot || argc == 0) {
		errno = E2BIG;
		die("start");
	}
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		die("pipe2");
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		execvp(argv[0], argv);
		dprintf(2, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(out[1]);
	close(err[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	*slot = (struct program){ .id = id, .pid = pid, .out = out[0], .err = err[0] };
	uint32_t number = pid;
	send_frame('P', id, &number, sizeof(number));
}

/* Sends all that can be read now; closes the pipe at its end. */
static void forward(char type, uint32_t id, int *fd)
{
	static char buffer[MAX_PAYLOAD];
	while (*fd >= 0) {
		ssize_t n = read(*fd, buffer, sizeof(buffer));
		if (n > 0) {
			send_frame(type, id, buffer, n);
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			close(*fd);
			*fd = -1;
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void forward_all(void)
{
	for (int i = 0; i < MAX_PROGRAMS; i++) {
		if (!programs[i].pid)
			continue;
		forward('O', programs[i].id, &programs[i].out);
		forward('E', programs[i].id, &programs[i].err);
	}
}

/*
 * Reports the programs that have ended, after all that any program printed before: the lab counts on that order. Other children
 * (orphans) are only reaped.
 */
static void reap(void)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < MAX_PROGRAMS; i++) {
			struct program *p = &programs[i];
			if (p->pid != pid)
				continue;
			forward_all();
			close(p->out);
			close(p->err);
			uint32_t code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
			p->pid = 0;
			send_frame('X', p->id, &code, sizeof(code));
		}
	}
}

/* Executes one command; false after 'B'. */
static int command(void)
{
	static uint8_t payload[MAX_PAYLOAD];
	uint32_t length, crc, id, signal;
	char magic[4];

	read_all(magic, 4);
	read_all(&length, 4);
	read_all(&crc, 4);
	if (memcmp(magic, "KTOP", 4) || length < 5 || length >= MAX_PAYLOAD) {
		errno = EBADMSG;
		die("frame");
	}
	read_all(payload, length);
	payload[length] = 0;
	if (crc32(payload, length) != crc) {
		errno = EBADMSG;
		die("checksum");
	}
	memcpy(&id, payload + 1, 4);
	struct program *p = find(id);
	switch (payload[0]) {
	case 'S':
		start(id, (char *)payload + 5, length - 5);
		return 1;
	case 'K':
		memcpy(&signal, payload + 5, 4);
		if (p)
			kill(p->pid, signal);
		return 1;
	case 'B':
		return 0;
	}
	errno = EBADMSG;
	die("command");
	return 0;
}

static void open_channel(const char *path)
{
	struct termios raw;
	if (!strcmp(path, "-")) {
		channel_in = 0;
		channel_out = 1;
		return;
	}
	channel_in = channel_out = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (channel_in < 0 || tcgetattr(channel_in, &raw))
		die(path);
	cfmakeraw(&raw);
	tcsetattr(channel_in, TCSANOW, &raw);
}

int main(int argc, char **argv)
{
	sigset_t child;
	struct pollfd fds[2 + 2 * MAX_PROGRAMS];

	if (argc != 2)
		return 2;
	make_crc_table();
	atexit(kill_programs);
	open_channel(argv[1]);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	send_frame('H', 0, NULL, 0);
	for (;;) {
		int n = 2;
		fds[0] = (struct pollfd){ .fd = channel_in, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = signals, .events = POLLIN };
		for (int i = 0; i < MAX_PROGRAMS; i++) {
			struct program *p = &programs[i];
			if (!p->pid)
				continue;
			if (p->out >= 0)
				fds[n++] = (struct pollfd){ .fd = p->out, .events = POLLIN };
			if (p->err >= 0)
				fds[n++] = (struct pollfd){ .fd = p->err, .events = POLLIN };
		}
		if (poll(fds, n, -1) < 0 && errno != EINTR)
			die("poll");
		forward_all();
		if (fds[1].revents) {
			struct signalfd_siginfo info;
			while (read(signals, &info, sizeof(info)) > 0)
				;
			reap();
		}
		if (fds[0].revents && !command())
			return 0;
	}
}

/*
 * execs: executes itself repeatedly, in one process. Arguments: "step" and the number of the step.
 *
 *   first     11 execve and 5 execveat of "absent" that fail with ENOENT, with the arguments "absent" and "x y"
 *   first      3 execve of "absent" with an argument of 5000 bytes, and one more; 2 with 12 arguments of 1000 bytes each
 *   step 1    13 execve
 *   step 14   7 execveat of an open descriptor (AT_EMPTY_PATH): the kernel calls the program /dev/fd/9
 *   step 21   3 execveat relative to the descriptor of its directory: /dev/fd/8/link
 *   step 24   2 execve of "./script", whose interpreter it is, with the argument "one"
 *   step 26   1 execve with 70 arguments
 */
#include "workload.h"
#include <sys/syscall.h>

#define PROGRAM 9
#define DIRECTORY 8
#define LAST 27

extern char **environ;

static void fail(void)
{
	char *const arguments[] = { "absent", "x y", NULL };
	for (int i = 0; i < 11; i++)
		MUST_FAIL(execve("absent", arguments, environ), ENOENT);
	for (int i = 0; i < 5; i++)
		MUST_FAIL(syscall(SYS_execveat, AT_FDCWD, "absent", arguments, environ, 0), ENOENT);
	static char longest[5001], thousand[1001];
	char *const long_argument[] = { "absent", memset(longest, 'x', 5000), "after", NULL };
	char *many[14] = { "absent" };
	memset(thousand, 'y', 1000);
	for (int i = 1; i < 13; i++)
		many[i] = thousand;
	for (int i = 0; i < 3; i++)
		MUST_FAIL(execve("absent", long_argument, environ), ENOENT);
	for (int i = 0; i < 2; i++)
		MUST_FAIL(execve("absent", many, environ), ENOENT);
}

static void step(int number)
{
	char path[256] = "", text[16];
	char *arguments[71] = { "execs", "step", text };
	snprintf(text, sizeof(text), "%d", number);
	MUST(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	if (number < 14) {
		execve(path, arguments, environ);
	} else if (number < 21) {
		syscall(SYS_execveat, PROGRAM, "", arguments, environ, AT_EMPTY_PATH);
	} else if (number < 24) {
		syscall(SYS_execveat, DIRECTORY, "link", arguments, environ, 0);
	} else if (number < 26) {
		char *const script[] = { "script", text, "one", NULL };
		execve("./script", script, environ);
	} else {
		for (int i = 3; i < 70; i++)
			arguments[i] = "more";
		execve(path, arguments, environ);
	}
	MUST(!"exec returned");
}

static void prepare(void)
{
	char path[256] = "", script[300];
	MUST(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	enter_directory("execs");
	MUST(dup2(open(path, O_RDONLY), PROGRAM) == PROGRAM);
	MUST(dup2(open(".", O_RDONLY | O_DIRECTORY), DIRECTORY) == DIRECTORY);
	MUST(symlink(path, "link") == 0);
	int fd = open("script", O_RDWR | O_CREAT | O_CLOEXEC, 0700);
	/* Through the link: the path of an interpreter cannot have spaces. */
	MUST(getcwd(path, sizeof(path)));
	int length = snprintf(script, sizeof(script), "#!%s/link script\n", path);
	MUST(fd >= 0 && write(fd, script, length) == length && close(fd) == 0);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		gate_block();
		prepare();
		ready();
		gate_wait();
		fail();
		step(1);
	}
	/* From the script: execs script ./script NUMBER one */
	int number = atoi(argv[strcmp(argv[1], "script") == 0 ? 3 : 2]);
	if (number + 1 < LAST)
		step(number + 1);
	return 0;
}

/*
 * withcaps NUMBER[,NUMBER...] PROGRAM [ARGUMENT...]: runs the program as user 65534 with only these capabilities
 * (numbers of linux/capability.h), like a service with AmbientCapabilities=.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void must(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(125);
	}
}

int main(int argc, char **argv)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{0}};
	unsigned long long kept = 0;

	if (argc < 3)
		return 125;
	for (char *word = strtok(argv[1], ","); word; word = strtok(NULL, ","))
		kept |= 1ULL << atoi(word);
	must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "PR_SET_KEEPCAPS");
	must(setgroups(0, NULL), "setgroups");
	must(setresgid(65534, 65534, 65534), "setresgid");
	must(setresuid(65534, 65534, 65534), "setresuid");
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].permitted = data[i].inheritable = kept >> (32 * i);
	must(syscall(SYS_capset, &header, data), "capset");
	for (int number = 0; number < 64; number++)
		if (kept >> number & 1)
			must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0), "PR_CAP_AMBIENT_RAISE");
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}

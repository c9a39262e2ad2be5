/*
 * full_paths BASE [without-overlay]: files in all kinds of places, in a private mount namespace. Each is used once: written, or for letter l read. The
 * workload compares the path that readlink(2) of /proc/self/fd shows with the one that the tests expect (full_paths.ts).
 *
 *   a  151 in BASE/plain
 *   b  149 in BASE/bound, on which BASE/source is bind-mounted
 *   m  103 in BASE/bound/mount, a tmpfs on that bind mount
 *   o  151 in BASE/merged, an overlay: new files       l  53 of its lower layer; neither with the second argument
 *   d  101 in a directory 100 levels below BASE/deep
 *   x  103 in BASE/plain, removed before they are used
 * Then, in a chroot of BASE/root:
 *   c  113 in its root                                 e  107 in /mount, a tmpfs
 *   u   97 in BASE/plain, outside the chroot
 */
#include "workload.h"
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mount.h>

#define LEVELS 100
#define OUTSIDE 97

static const char *base;
static int links;
static int overlay = 1;

__attribute__((format(printf, 2, 3))) static void format(char *path, const char *text, ...)
{
	va_list arguments;
	va_start(arguments, text);
	MUST(vsnprintf(path, PATH_MAX, text, arguments) < PATH_MAX);
	va_end(arguments);
}

static void make_directory(const char *name)
{
	char path[PATH_MAX];
	format(path, "%s/%s", base, name);
	MUST(mkdir(path, 0700) == 0);
}

static void mount_on(const char *source, const char *name, const char *type, unsigned long flags, const char *data)
{
	char path[PATH_MAX];
	format(path, "%s/%s", base, name);
	MUST(mount(source, path, type, flags, data) == 0);
}

static int open_in(const char *directory, char letter, int number, int flags)
{
	char path[PATH_MAX];
	format(path, "%s/%c-%d", directory, letter, number);
	int fd = open(path, flags, 0600);
	MUST(fd >= 0);
	return fd;
}

/* Uses an open file, whose path the process sees in this directory. */
static void use_file(int fd, const char *directory, char letter, int number)
{
	char expected[PATH_MAX], link[PATH_MAX], name[16], byte = 'x';
	if (letter == 'l')
		MUST(read(fd, &byte, 1) == 1);
	else
		MUST(write(fd, &byte, 1) == 1);
	format(expected, "%s/%c-%d%s", directory, letter, number, letter == 'x' ? " (deleted)" : "");
	snprintf(name, sizeof(name), "%d", fd);
	ssize_t length = readlinkat(links, name, link, sizeof(link) - 1);
	MUST(length > 0);
	link[length] = 0;
	if (strcmp(link, expected)) {
		dprintf(2, "%s, not %s\n", link, expected);
		exit(1);
	}
	/* A file that is still open keeps its inode number: filetop would count another one under its name. */
	if (letter != 'x')
		MUST(close(fd) == 0);
}

static void use_files(const char *directory, char letter, int count)
{
	for (int i = 0; i < count; i++) {
		int fd = open_in(directory, letter, i, letter == 'l' ? O_RDONLY : O_RDWR | O_CREAT);
		if (letter == 'x') {
			char path[PATH_MAX];
			format(path, "%s/x-%d", directory, i);
			MUST(unlink(path) == 0);
		}
		use_file(fd, directory, letter, i);
	}
}

static void use_files_in(const char *name, char letter, int count)
{
	char directory[PATH_MAX];
	format(directory, "%s/%s", base, name);
	use_files(directory, letter, count);
}

/* Makes the directories and mounts. `deepest`: gets the name of the directory at the bottom of BASE/deep. */
static void prepare(char *deepest)
{
	static const char *const names[] = { "plain", "source", "bound", "source/mount", "layers", "merged", "root", "root/mount" };
	char options[3 * PATH_MAX], lower[PATH_MAX];
	MUST(unshare(CLONE_NEWNS) == 0);
	MUST(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		make_directory(names[i]);
	strcpy(deepest, "deep");
	make_directory(deepest);
	for (int i = 0; i < LEVELS; i++) {
		strcat(deepest, "/deep-directory");
		make_directory(deepest);
	}
	format(lower, "%s/source", base);
	mount_on(lower, "bound", NULL, MS_BIND, NULL);
	mount_on("tmpfs", "bound/mount", "tmpfs", 0, NULL);
	mount_on("tmpfs", "root/mount", "tmpfs", 0, NULL);
	mount_on("tmpfs", "layers", "tmpfs", 0, NULL);
	make_directory("layers/lower");
	make_directory("layers/upper");
	make_directory("layers/work");
	format(lower, "%s/layers/lower", base);
	for (int i = 0; i < 53; i++) {
		int fd = open_in(lower, 'l', i, O_WRONLY | O_CREAT);
		MUST(write(fd, "x", 1) == 1 && close(fd) == 0);
	}
	MUST(chdir(base) == 0);
	if (!overlay)
		return;
	snprintf(options, sizeof(options), "lowerdir=layers/lower,upperdir=layers/upper,workdir=layers/work");
	mount_on("overlay", "merged", "overlay", 0, options);
}

int main(int argc, char **argv)
{
	char deepest[PATH_MAX], plain[PATH_MAX];
	int outside[OUTSIDE];

	MUST(argc >= 2);
	base = argv[1];
	if (argc > 2)
		overlay = 0;
	gate_block();
	prepare(deepest);
	MUST((links = open("/proc/self/fd", O_PATH | O_DIRECTORY)) >= 0);
	format(plain, "%s/plain", base);
	ready();
	gate_wait();
	use_files_in("plain", 'a', 151);
	use_files_in("bound", 'b', 149);
	use_files_in("bound/mount", 'm', 103);
	if (overlay) {
		use_files_in("merged", 'o', 151);
		use_files_in("merged", 'l', 53);
	}
	use_files_in(deepest, 'd', 101);
	use_files_in("plain", 'x', 103);
	for (int i = 0; i < OUTSIDE; i++)
		outside[i] = open_in(plain, 'u', i, O_RDWR | O_CREAT);
	MUST(chdir("root") == 0 && chroot(".") == 0);
	use_files("", 'c', 113);
	use_files("/mount", 'e', 107);
	for (int i = 0; i < OUTSIDE; i++)
		use_file(outside[i], plain, 'u', i);
	return 0;
}

/*
 * program32: a 32-bit program without a C library. The numbers are those of arch/x86/entry/syscalls/syscall_32.tbl.
 *
 *   "file"     11 open, 7 openat, 3 openat2, 5 creat with mode 0600, 2 open_by_handle_at
 *   "absent"   13 openat that fail with ENOENT
 *   "file"     17 stat64, 19 lstat64, 23 fstat64, 29 fstatat64, 31 statx, 37 statfs64, 41 fstatfs64
 *   "absent"   43 stat, 47 lstat, 59 oldstat, 61 oldlstat that fail with ENOENT
 *   "/proc"    71 statfs, 73 fstatfs
 *   none       53 fstat, 67 oldfstat of a descriptor that is not open: EBADF
 *   "file"     79 read and 83 write of 8 bytes
 *              101 fsync and 103 fdatasync
 *   "far"      109 pwrite64 and 107 pread64 of 8 bytes at 6 GiB
 *   "node"     7 mknod and unlink of a regular file, 5 mknodat and unlinkat
 *   "dir"      3 mkdir and rmdir, 2 mkdirat and unlinkat with AT_REMOVEDIR
 *   "absent"   2 umount, 5 umount2 with MNT_DETACH, 3 mount of tmpfs, 7 fsopen of no file system, which fail
 *   "absent"   3 execve and 2 execveat with the arguments "absent" and "x y" that fail with ENOENT
 *   itself     5 execve of /proc/self/exe, with the arguments "program32" and a digit
 */
#include <stddef.h>

#define ENOENT 2
#define EBADF 9
#define ENODEV 19
#define AT_FDCWD (-100)
#define O_CREAT_RDWR 0102
#define O_LARGEFILE 0100000
#define S_IFREG 0100000
#define AT_REMOVEDIR 0x200
/* 6 GiB */
#define FAR_LOW 0x80000000
#define FAR_HIGH 1
#define SIGUSR1_SET (1UL << 9)

static long call(long number, long a, long b, long c, long d, long e)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
	return result;
}

#define CALL(number, a, b, c, d, e) call(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

/* Exits with the number of the line unless the condition holds. */
#define MUST(condition)                                                                                          \
	do {                                                                                                     \
		if (!(condition))                                                                                \
			CALL(1, __LINE__, 0, 0, 0, 0);                                                           \
	} while (0)

#define TIMES(count, condition)                                                                                  \
	for (int times = 0; times < (count); times++)                                                            \
	MUST(condition)

/* Closes a new descriptor. */
static int opened(long fd)
{
	return fd >= 0 && CALL(6, fd, 0, 0, 0, 0) == 0;
}

static char buffer[512];

static void enter_directory(void)
{
	char path[64] = "/tmp/ktop-lab-program32-", digits[12];
	long pid = CALL(20, 0, 0, 0, 0, 0);
	int count = 0, at = 24;

	for (; pid; pid /= 10)
		digits[count++] = '0' + pid % 10;
	while (count)
		path[at++] = digits[--count];
	MUST(CALL(39, path, 0700, 0, 0, 0) == 0 && CALL(12, path, 0, 0, 0, 0) == 0);
}

static void open_files(void)
{
	static const unsigned long long how[3] = { 2 };
	static struct {
		unsigned bytes;
		int type;
		char handle[128];
	} handle = { .bytes = 128 };
	int mount_id;

	MUST(CALL(341, AT_FDCWD, "file", &handle, &mount_id, 0) == 0);
	TIMES(11, opened(CALL(5, "file", 0, 0, 0, 0)));
	TIMES(7, opened(CALL(295, AT_FDCWD, "file", 0, 0, 0)));
	TIMES(3, opened(CALL(437, AT_FDCWD, "file", how, sizeof(how), 0)));
	TIMES(5, opened(CALL(8, "file", 0600, 0, 0, 0)));
	TIMES(2, opened(CALL(342, AT_FDCWD, &handle, 2, 0, 0)));
	TIMES(13, CALL(295, AT_FDCWD, "absent", 0, 0, 0) == -ENOENT);
}

static void stat_files(int fd, int proc)
{
	TIMES(17, CALL(195, "file", buffer, 0, 0, 0) == 0);
	TIMES(19, CALL(196, "file", buffer, 0, 0, 0) == 0);
	TIMES(23, CALL(197, fd, buffer, 0, 0, 0) == 0);
	TIMES(29, CALL(300, AT_FDCWD, "file", buffer, 0, 0) == 0);
	TIMES(31, CALL(383, AT_FDCWD, "file", 0, 0x7ff, buffer) == 0);
	/* struct statfs64 is packed: 84 bytes */
	TIMES(37, CALL(268, "file", 84, buffer, 0, 0) == 0);
	TIMES(41, CALL(269, fd, 84, buffer, 0, 0) == 0);
	TIMES(43, CALL(106, "absent", buffer, 0, 0, 0) == -ENOENT);
	TIMES(47, CALL(107, "absent", buffer, 0, 0, 0) == -ENOENT);
	TIMES(59, CALL(18, "absent", buffer, 0, 0, 0) == -ENOENT);
	TIMES(61, CALL(84, "absent", buffer, 0, 0, 0) == -ENOENT);
	TIMES(71, CALL(99, "/proc", buffer, 0, 0, 0) == 0);
	TIMES(73, CALL(100, proc, buffer, 0, 0, 0) == 0);
	TIMES(53, CALL(108, 99, buffer, 0, 0, 0) == -EBADF);
	TIMES(67, CALL(28, 99, buffer, 0, 0, 0) == -EBADF);
}

static void make_and_remove(void)
{
	TIMES(7, CALL(14, "node", S_IFREG | 0600, 0, 0, 0) == 0 && CALL(10, "node", 0, 0, 0, 0) == 0);
	TIMES(5, CALL(297, AT_FDCWD, "node", S_IFREG | 0600, 0, 0) == 0 && CALL(301, AT_FDCWD, "node", 0, 0, 0) == 0);
	TIMES(3, CALL(39, "dir", 0700, 0, 0, 0) == 0 && CALL(40, "dir", 0, 0, 0, 0) == 0);
	TIMES(2, CALL(296, AT_FDCWD, "dir", 0700, 0, 0) == 0 && CALL(301, AT_FDCWD, "dir", AT_REMOVEDIR, 0, 0) == 0);
}

static void mount_nothing(void)
{
	TIMES(2, CALL(22, "absent", -1, 0, 0, 0) == -ENOENT);
	TIMES(5, CALL(52, "absent", 2, 0, 0, 0) == -ENOENT);
	TIMES(3, CALL(21, "none", "absent", "tmpfs", 1, "size=4k") == -ENOENT);
	TIMES(7, CALL(430, "nothing", 0, 0, 0, 0) == -ENODEV);
}

static void execute(int step)
{
	char digit[2] = { (char)('0' + step) };
	const char *const arguments[] = { "program32", digit, NULL };
	const char *const environment[] = { NULL };

	CALL(11, "/proc/self/exe", arguments, environment, 0, 0);
	MUST(0);
}

static void fail_to_execute(void)
{
	const char *const arguments[] = { "absent", "x y", NULL };
	const char *const environment[] = { NULL };

	TIMES(3, CALL(11, "absent", arguments, environment, 0, 0) == -ENOENT);
	TIMES(2, CALL(358, AT_FDCWD, "absent", arguments, environment, 0) == -ENOENT);
}

__attribute__((used)) void run(const long *stack)
{
	static const unsigned long signals[2] = { SIGUSR1_SET };
	long argc = stack[0], file, far, proc;

	if (argc > 1) {
		int step = ((const char *)stack[2])[0] - '0';

		if (step < 5)
			execute(step + 1);
		CALL(1, 0, 0, 0, 0, 0);
	}
	MUST(CALL(175, 0, signals, NULL, sizeof(signals), 0) == 0);
	enter_directory();
	file = CALL(5, "file", O_CREAT_RDWR, 0600, 0, 0);
	far = CALL(5, "far", O_CREAT_RDWR | O_LARGEFILE, 0600, 0, 0);
	proc = CALL(5, "/proc", 0, 0, 0, 0);
	MUST(file >= 0 && far >= 0 && proc >= 0);
	MUST(CALL(4, 1, "ready\n", 6, 0, 0) == 6);
	MUST(CALL(177, signals, NULL, NULL, sizeof(signals), 0) == 10);
	open_files();
	stat_files(file, proc);
	TIMES(83, CALL(4, file, buffer, 8, 0, 0) == 8);
	MUST(CALL(19, file, 0, 0, 0, 0) == 0);
	TIMES(79, CALL(3, file, buffer, 8, 0, 0) == 8);
	TIMES(101, CALL(118, file, 0, 0, 0, 0) == 0);
	TIMES(103, CALL(148, file, 0, 0, 0, 0) == 0);
	TIMES(109, CALL(181, far, buffer, 8, FAR_LOW, FAR_HIGH) == 8);
	TIMES(107, CALL(180, far, buffer, 8, FAR_LOW, FAR_HIGH) == 8);
	make_and_remove();
	mount_nothing();
	fail_to_execute();
	execute(1);
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %esp, %eax\n"
	"	and $-16, %esp\n"
	"	sub $12, %esp\n"
	"	push %eax\n"
	"	call run\n");

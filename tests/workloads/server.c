/*
 * server SECONDS: a simulated busy server, for scripts/demo: a database, a web server, a cache and a log all the time; in the second
 * quarter a backup that reads every file, in the third a compiler with more busy threads than CPUs, in the last a search for names
 * that do not exist. No test counts its calls.
 */
#include "workload.h"
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum { FILES = 240, SPINNERS = 6, PAGE = 8192 };

static double length, started;
static char page[16 * PAGE];

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void nap(int ms)
{
	struct timespec time = { ms / 1000, (ms % 1000) * 1000000L };
	nanosleep(&time, NULL);
}

/* The current quarter of the run, 0 to 3; 4: the run is over. */
static int quarter(void)
{
	int part = (now() - started) / length * 4;
	return part > 4 ? 4 : part;
}

static int open_file(const char *name, int flags)
{
	int fd = open(name, flags | O_CREAT, 0600);
	MUST(fd >= 0);
	return fd;
}

static void read_file(const char *name, size_t block)
{
	int fd = open(name, O_RDONLY);
	if (fd < 0)
		return;
	while (read(fd, page, block) > 0)
		;
	close(fd);
}

static void database(void)
{
	int base = open_file("base.16384", O_RDWR), wal = open_file("pg_wal.00000001", O_WRONLY | O_APPEND);
	for (int turn = 0; quarter() < 4; turn++) {
		for (int i = 0; i < 40 + rand() % 60; i++)
			pread(base, page, PAGE, (off_t)(rand() % 512) * PAGE);
		for (int i = 0; i < 4 + rand() % 8; i++)
			MUST(write(wal, page, PAGE) == PAGE);
		fdatasync(wal);
		if (turn % 60 == 0)
			MUST(ftruncate(wal, 0) == 0);
		nap(80 + rand() % 60);
	}
}

static void web(void)
{
	int log = open_file("access.log", O_WRONLY | O_APPEND);
	char name[32];
	while (quarter() < 4) {
		for (int i = 0; i < 20 + rand() % 30; i++) {
			snprintf(name, sizeof(name), "page-%03d.html", rand() % 20 * (rand() % 3 == 0));
			read_file(name, PAGE);
			MUST(write(log, page, 180) == 180);
		}
		read_file("favicon.ico", PAGE);
		nap(40 + rand() % 40);
	}
}

static void cache(void)
{
	for (int turn = 0; quarter() < 4; turn++) {
		int dump = open_file("temp.rdb", O_WRONLY | O_TRUNC);
		for (int i = 0; i < 60 && quarter() < 4; i++) {
			MUST(write(dump, page, 2 * PAGE) > 0);
			nap(30);
		}
		fsync(dump);
		close(dump);
		MUST(rename("temp.rdb", "dump.rdb") == 0);
		nap(1500);
	}
}

static void logger(void)
{
	int log = open_file("syslog", O_WRONLY | O_APPEND);
	while (quarter() < 4) {
		for (int i = 0; i < 5 + rand() % 20; i++)
			MUST(write(log, page, 120) == 120);
		nap(120);
	}
}

static void backup(void)
{
	char name[32];
	while (quarter() < 1)
		nap(100);
	while (quarter() == 1) {
		for (int i = 0; i < FILES && quarter() == 1; i++) {
			snprintf(name, sizeof(name), "page-%03d.html", i);
			read_file(name, 4096);
			nap(3);
		}
		read_file("base.16384", sizeof(page));
	}
}

/* Creates and removes temporary files; the spinners compute at the same time. */
static void compiler(void)
{
	char name[32];
	while (quarter() < 2)
		nap(100);
	for (int i = 0; quarter() == 2; i++) {
		snprintf(name, sizeof(name), "cc%04d.o", i % 10000);
		int fd = open_file(name, O_WRONLY);
		for (int block = 0; block < 12; block++)
			MUST(write(fd, page, 4096) == 4096);
		close(fd);
		MUST(mkdir("stage", 0700) == 0 && rmdir("stage") == 0 && unlink(name) == 0);
		nap(15);
	}
}

static void spinner(void)
{
	while (quarter() < 2)
		nap(100);
	while (quarter() == 2) {
		double end = now() + 0.02 + (rand() % 100) / 1000.0;
		while (now() < end)
			;
		nap(20 + rand() % 120);
	}
}

static void search(void)
{
	char name[48];
	struct stat facts;
	while (quarter() < 3)
		nap(100);
	for (int turn = 0; quarter() == 3; turn++) {
		for (int i = 0; i < 150; i++) {
			snprintf(name, sizeof(name), "lib/%d/%d.so", turn, i);
			stat(name, &facts);
			snprintf(name, sizeof(name), "missing-%d-%d", turn, i);
			stat(name, &facts);
		}
		nap(50);
	}
}

static void role(const char *comm, void (*work)(void))
{
	pid_t pid = fork();
	MUST(pid >= 0);
	if (pid > 0)
		return;
	MUST(prctl(PR_SET_NAME, comm) == 0);
	srand(getpid());
	work();
	exit(0);
}

static void prepare(void)
{
	char name[32];
	memset(page, 'x', sizeof(page));
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "page-%03d.html", i);
		int fd = open_file(name, O_WRONLY);
		MUST(write(fd, page, 4096 * (1 + i % 9)) > 0);
		close(fd);
	}
	int base = open_file("base.16384", O_WRONLY);
	for (int i = 0; i < 512; i++)
		MUST(write(base, page, PAGE) == PAGE);
	close(base);
}

int main(int argc, char **argv)
{
	int status, failed = 0;
	gate_block();
	MUST(argc == 2 && atof(argv[1]) > 0);
	length = atof(argv[1]);
	enter_directory("server");
	prepare();
	ready();
	gate_wait();
	started = now();
	role("postgres", database);
	role("postgres", database);
	role("nginx", web);
	role("nginx", web);
	role("redis-server", cache);
	role("rsyslogd", logger);
	role("tar", backup);
	role("make", compiler);
	for (int i = 0; i < SPINNERS; i++)
		role("cc1", spinner);
	role("find", search);
	while (wait(&status) > 0)
		failed |= status;
	MUST(system("rm -rf \"$PWD\"") == 0);
	return failed != 0;
}

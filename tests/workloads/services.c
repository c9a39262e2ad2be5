/*
 * services SECONDS: a simulated web shop, for scripts/demo: a load balancer, a web server, an application, a database, a cache, name
 * lookups, a backup over a network that drops segments, and jobs of cron. In a network namespace of its own with addresses for
 * documentation, and, except for the jobs, in a root directory of its own. No test counts its calls.
 */
#include "workload.h"
#include "network.h"
#include <linux/filter.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum { PAGE = 8192, TABLE_PAGES = 4096, BLOCK = 256 * 1024, BACKUP_BLOCKS = 96 };
enum { HTTP = 8080, SQL = 5432, CACHE = 6379, DNS = 53, RSYNC = 873, CLOSED = 9200 };

#define BALANCER "192.0.2.4"
#define WEB "192.0.2.15"
#define WEB_V6 "2001:db8:20::1:15"
#define APP "192.0.2.21"
#define DATABASE "192.0.2.108"
#define STORE "192.0.2.109"
#define RESOLVER "192.0.2.53"
#define VAULT "198.51.100.200"
#define VISITOR_V6 "2001:db8:85a3::8a2e:370:7334"

#define NAMED __attribute__((noinline, noclone))

static double length, started;
static char page[BLOCK];
static volatile unsigned sink;

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int is_over(void)
{
	return now() - started > length;
}

static void nap(int ms)
{
	struct timespec time = { ms / 1000, (ms % 1000) * 1000000L };
	nanosleep(&time, NULL);
}

/* Computes for some microseconds. */
static inline __attribute__((always_inline)) void compute(int us)
{
	double end = now() + us / 1e6;
	unsigned value = sink;
	while (now() < end)
		for (int i = 0; i < 500; i++)
			value = value * 1664525 + 1013904223 + page[value % PAGE];
	sink = value;
}

/* ---- sockets ---- */

static int listener(const char *address, int port)
{
	int fd = bound_socket(SOCK_STREAM, address, port);
	MUST(listen(fd, 128) == 0);
	return fd;
}

/* A connection; −1 if nothing listens there. */
static int connection(const char *from, const char *to, int port)
{
	struct address address = address_of(to, port);
	int fd = bound_socket(SOCK_STREAM, from, 0);
	if (connect(fd, &address.any, address.size) == 0)
		return fd;
	close(fd);
	return -1;
}

static int patient_connection(const char *from, const char *to, int port)
{
	int fd;
	while ((fd = connection(from, to, port)) < 0 && !is_over())
		nap(20);
	return fd;
}

static void must_send(int fd, size_t bytes)
{
	for (ssize_t sent; bytes > 0; bytes -= sent)
		if ((sent = send(fd, page, bytes < BLOCK ? bytes : BLOCK, MSG_NOSIGNAL)) <= 0)
			return;
}

static void must_receive(int fd, size_t bytes)
{
	for (ssize_t got; bytes > 0; bytes -= got)
		if ((got = recv(fd, page, bytes < PAGE ? bytes : PAGE, 0)) <= 0)
			return;
}

/* One of `percent` in a hundred of the segments that arrive is dropped, and sent again: net/ipv4/tcp_ipv4.c, tcp_filter() */
static void drop_some(int fd, int percent)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_RANDOM),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xffffffffu / 100 * percent, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffffu),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = 4, .filter = code };
	MUST(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0);
}

/* ---- files ---- */

static int open_file(const char *name, int flags)
{
	int fd = open(name, flags | O_CREAT | O_CLOEXEC, 0644);
	MUST(fd >= 0);
	return fd;
}

static void append(const char *name, size_t bytes)
{
	int fd = open_file(name, O_WRONLY | O_APPEND);
	MUST(write(fd, page, bytes) > 0);
	close(fd);
}

/* ---- the load balancer and a visitor ---- */

static void balancer(void)
{
	while (!is_over()) {
		int fd = connection(BALANCER, WEB, HTTP);
		if (fd >= 0) {
			must_send(fd, 420);
			must_receive(fd, PAGE * 3);
			close(fd);
		}
		nap(60 + rand() % 90);
	}
}

static void visitor(void)
{
	while (!is_over()) {
		int fd = connection(VISITOR_V6, WEB_V6, HTTP);
		if (fd >= 0) {
			must_send(fd, 380);
			must_receive(fd, PAGE * 3);
			close(fd);
		}
		nap(700 + rand() % 500);
	}
}

/* ---- the web server ---- */

static NAMED void http_parse_headers(void)
{
	compute(400);
}

static NAMED void http_log_request(void)
{
	append("/var/log/nginx/access.log", 190);
	compute(60);
}

static NAMED void http_static_file(void)
{
	char name[64];
	snprintf(name, sizeof(name), "/srv/shop/img/article-%03d.webp", rand() % 60);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while (read(fd, page, PAGE) > 0)
		;
	close(fd);
}

static NAMED void deflate_block(void)
{
	compute(2600);
}

static NAMED void http_gzip_filter(void)
{
	deflate_block();
	compute(300);
}

static NAMED void http_handle_request(int fd, int app)
{
	must_receive(fd, 380);
	http_parse_headers();
	http_static_file();
	must_send(app, 300);
	must_receive(app, PAGE);
	http_gzip_filter();
	must_send(fd, PAGE * 3);
	http_log_request();
}

static void web(void)
{
	int app = patient_connection(WEB, APP, HTTP);
	struct pollfd all[] = { { listener(WEB, HTTP), POLLIN, 0 }, { listener(WEB_V6, HTTP), POLLIN, 0 } };
	while (!is_over()) {
		if (poll(all, 2, 200) <= 0)
			continue;
		for (int i = 0; i < 2; i++) {
			if (!all[i].revents)
				continue;
			int fd = accept4(all[i].fd, NULL, NULL, SOCK_CLOEXEC);
			MUST(fd >= 0);
			http_handle_request(fd, app);
			close(fd);
		}
	}
}

/* ---- the application ---- */

static NAMED void escape_html(void)
{
	compute(1500);
}

static NAMED void render_template(void)
{
	int fd = open("/srv/shop/templates/article.html", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		while (read(fd, page, PAGE) > 0)
			;
		close(fd);
	}
	compute(2200);
	escape_html();
}

static NAMED void load_modules(void)
{
	static const char *const directories[] = { "lib", "vendor", "site-packages" };
	char name[64];
	struct stat facts;
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "/srv/shop/%s/discount_%02d.py", directories[i], rand() % 40);
		int fd = open(name, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		else
			stat(name, &facts);
	}
}

static NAMED void query_database(int sql)
{
	must_send(sql, 240);
	must_receive(sql, PAGE);
}

static NAMED void resolve_name(int dns)
{
	struct address address = address_of(RESOLVER, DNS);
	struct pollfd answer = { dns, POLLIN, 0 };
	sendto(dns, page, 44, 0, &address.any, address.size);
	if (poll(&answer, 1, 100) > 0)
		recv(dns, page, 512, 0);
}

static NAMED void handle_page(int sql, int cache, int dns)
{
	load_modules();
	must_send(cache, 60);
	must_receive(cache, 600);
	query_database(sql);
	if (rand() % 4 == 0)
		resolve_name(dns);
	render_template();
}

static void application(void)
{
	int sql = patient_connection(APP, DATABASE, SQL), cache = patient_connection(APP, STORE, CACHE);
	int dns = bound_socket(SOCK_DGRAM, APP, 0), listening = listener(APP, HTTP);
	int web = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	MUST(web >= 0);
	while (!is_over()) {
		struct pollfd request = { web, POLLIN, 0 };
		if (poll(&request, 1, 200) <= 0)
			continue;
		must_receive(web, 300);
		handle_page(sql, cache, dns);
		must_send(web, PAGE);
	}
}

/* Sends measurements to a server that does not run. */
static void metrics(void)
{
	while (!is_over()) {
		int fd = connection(APP, STORE, CLOSED);
		MUST(fd < 0);
		nap(1500);
	}
}

/* ---- database and cache ---- */

static NAMED void compare_keys(void)
{
	compute(1800);
}

static NAMED void index_scan(int table)
{
	for (int i = 0; i < 12; i++) {
		off_t at = (off_t)(rand() % TABLE_PAGES) * PAGE;
		if (rand() % 9 == 0)
			posix_fadvise(table, at, PAGE, POSIX_FADV_DONTNEED);
		MUST(pread(table, page, PAGE, at) == PAGE);
	}
	compare_keys();
}

static NAMED void sort_rows(void)
{
	compute(3200);
}

static NAMED void commit_transaction(int wal)
{
	MUST(write(wal, page, PAGE) == PAGE);
	MUST(fdatasync(wal) == 0);
}

static NAMED void execute_query(int table, int wal)
{
	index_scan(table);
	if (rand() % 3 == 0)
		sort_rows();
	if (rand() % 3 == 0)
		commit_transaction(wal);
}

static void database(void)
{
	int table = open_file("/var/lib/postgresql/base/16384/2619", O_RDWR);
	int wal = open_file("/var/lib/postgresql/pg_wal/00000001", O_WRONLY | O_APPEND);
	int app = accept4(listener(DATABASE, SQL), NULL, NULL, SOCK_CLOEXEC);
	MUST(app >= 0);
	while (!is_over()) {
		struct pollfd query = { app, POLLIN, 0 };
		if (poll(&query, 1, 200) <= 0)
			continue;
		must_receive(app, 240);
		execute_query(table, wal);
		must_send(app, PAGE);
	}
}

static void checkpointer(void)
{
	int table = open_file("/var/lib/postgresql/base/16384/2619", O_RDWR);
	while (!is_over()) {
		for (int i = 0; i < 7; i++)
			MUST(pwrite(table, page, PAGE, (off_t)(rand() % TABLE_PAGES) * PAGE) == PAGE);
		fsync(table);
		nap(900);
	}
}

static void cache(void)
{
	int app = accept4(listener(STORE, CACHE), NULL, NULL, SOCK_CLOEXEC);
	MUST(app >= 0);
	for (int turn = 0; !is_over(); turn++) {
		struct pollfd command = { app, POLLIN, 0 };
		if (poll(&command, 1, 200) <= 0)
			continue;
		must_receive(app, 60);
		must_send(app, 600);
		if (turn % 40 == 0) {
			append("/var/lib/redis/temp.rdb", BLOCK);
			MUST(rename("/var/lib/redis/temp.rdb", "/var/lib/redis/dump.rdb") == 0);
		}
	}
}

static void resolver(void)
{
	int fd = bound_socket(SOCK_DGRAM, RESOLVER, DNS);
	while (!is_over()) {
		struct pollfd question = { fd, POLLIN, 0 };
		struct address from = { .size = sizeof(struct sockaddr_in6) };
		if (poll(&question, 1, 200) > 0 && recvfrom(fd, page, 512, 0, &from.any, &from.size) > 0)
			sendto(fd, page, 120, 0, &from.any, from.size);
	}
}

/* ---- the backup ---- */

static void vault(void)
{
	int fd = accept4(listener(VAULT, RSYNC), NULL, NULL, SOCK_CLOEXEC);
	MUST(fd >= 0);
	drop_some(fd, 2);
	while (recv(fd, page, PAGE, 0) > 0)
		;
}

static void backup(void)
{
	int to = patient_connection(WEB, VAULT, RSYNC), from = open_file("/var/backups/shop.dump", O_RDONLY);
	while (!is_over()) {
		ssize_t got = read(from, page, BLOCK);
		if (got <= 0) {
			posix_fadvise(from, 0, 0, POSIX_FADV_DONTNEED);
			lseek(from, 0, SEEK_SET);
			continue;
		}
		must_send(to, got);
		nap(120);
	}
}

/* ---- cron, outside of the root directory ---- */

static void cron(void)
{
	static char *const jobs[][4] = {
		{ "sh", "-c", "gzip -9 -c access.log.1 > access.log.1.gz", NULL },
		{ "sh", "-c", "find . -name 'sess_*' -mmin +60 -delete", NULL },
		{ "sh", "-c", "date -u +%FT%TZ > last-run", NULL },
	};
	append("access.log.1", BLOCK);
	for (int turn = 0; !is_over(); turn++) {
		pid_t pid = fork();
		if (pid == 0) {
			execv("/bin/sh", jobs[turn % 3]);
			_exit(127);
		}
		waitpid(pid, NULL, 0);
		nap(1100);
	}
}

/* ---- the start ---- */

static void role(const char *comm, void (*work)(void), int has_own_root)
{
	pid_t pid = fork();
	MUST(pid >= 0);
	if (pid > 0)
		return;
	MUST(prctl(PR_SET_NAME, comm) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	MUST(!has_own_root || chroot(".") == 0);
	srand(getpid());
	work();
	exit(0);
}

static void write_blocks(const char *name, int blocks)
{
	int fd = open_file(name, O_WRONLY);
	for (int i = 0; i < blocks; i++)
		MUST(write(fd, page, BLOCK) == BLOCK);
	MUST(fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	close(fd);
}

static void prepare(void)
{
	char name[64];
	memset(page, 'x', sizeof(page));
	MUST(system("mkdir -p srv/shop/img srv/shop/templates srv/shop/site-packages var/log/nginx var/backups var/lib/redis "
		    "var/lib/postgresql/base/16384 var/lib/postgresql/pg_wal") == 0);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "srv/shop/img/article-%03d.webp", i);
		int fd = open_file(name, O_WRONLY);
		MUST(write(fd, page, PAGE * (1 + i % 5)) > 0);
		close(fd);
	}
	append("srv/shop/templates/article.html", PAGE);
	write_blocks("var/lib/postgresql/base/16384/2619", TABLE_PAGES / (BLOCK / PAGE));
	write_blocks("var/backups/shop.dump", BACKUP_BLOCKS);
	enter_network();
	MUST(system("for a in " BALANCER " " WEB " " APP " " DATABASE " " STORE " " RESOLVER " " VAULT "; do ip address add $a/32 dev lo; done;"
		    "for a in " WEB_V6 " " VISITOR_V6 "; do ip address add $a/128 dev lo nodad; done") == 0);
}

int main(int argc, char **argv)
{
	int status, failed = 0;
	gate_block();
	MUST(argc == 2 && atof(argv[1]) > 0);
	length = atof(argv[1]);
	enter_directory("services");
	prepare();
	ready();
	gate_wait();
	started = now();
	role("dnsmasq", resolver, 1);
	role("postgres", database, 1);
	role("postgres", checkpointer, 1);
	role("redis-server", cache, 1);
	role("gunicorn", application, 1);
	role("telegraf", metrics, 1);
	role("nginx", web, 1);
	role("haproxy", balancer, 1);
	role("haproxy", balancer, 1);
	role("curl", visitor, 1);
	role("rsyncd", vault, 1);
	role("rsync", backup, 1);
	role("cron", cron, 0);
	while (wait(&status) > 0)
		failed |= status;
	MUST(system("rm -rf \"$PWD\"") == 0);
	return failed != 0;
}

/*
 * fused: files on a FUSE file system that it serves itself and that opens and creates in one operation (atomic_open).
 *
 *   made            7: open(O_CREAT) + unlink
 *   long            1, with a name of 300 bytes: as made
 *   there           5 that existed before: open(O_CREAT) before anything has looked the name up, + unlink
 */
#include "workload.h"
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/wait.h>

#define THERE 5
#define FILES 32
/* Inode numbers are node ids: the root, then the files by index. */
#define FIRST_NODE (FUSE_ROOT_ID + 1)

static char names[FILES][512];
static int files;

static int find(const char *name)
{
	for (int i = 0; i < files; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

static int add(const char *name)
{
	MUST(files < FILES && strlen(name) < sizeof(names[files]));
	strcpy(names[files], name);
	return files++;
}

static struct fuse_attr attributes(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0644,
		.nlink = 1,
		.blksize = 4096,
	};
}

/* Answers one request. Returns the size of the answer in bytes, or a negative errno. */
static int answer(const struct fuse_in_header *in, const char *argument, void *out)
{
	int file;
	switch (in->opcode) {
	case FUSE_INIT:
		*(struct fuse_init_out *)out = (struct fuse_init_out){
			.major = FUSE_KERNEL_VERSION, .minor = 31, .max_readahead = 4096, .max_write = 4096,
		};
		return sizeof(struct fuse_init_out);
	case FUSE_GETATTR:
		*(struct fuse_attr_out *)out = (struct fuse_attr_out){ .attr = attributes(in->nodeid) };
		return sizeof(struct fuse_attr_out);
	case FUSE_LOOKUP:
	case FUSE_CREATE:
		if (in->opcode == FUSE_CREATE)
			file = add(argument + sizeof(struct fuse_create_in));
		else
			file = find(argument);
		if (file < 0)
			return -ENOENT;
		*(struct fuse_entry_out *)out = (struct fuse_entry_out){
			.nodeid = FIRST_NODE + file, .attr = attributes(FIRST_NODE + file),
		};
		if (in->opcode == FUSE_LOOKUP)
			return sizeof(struct fuse_entry_out);
		memset((char *)out + sizeof(struct fuse_entry_out), 0, sizeof(struct fuse_open_out));
		return sizeof(struct fuse_entry_out) + sizeof(struct fuse_open_out);
	case FUSE_OPEN:
		memset(out, 0, sizeof(struct fuse_open_out));
		return sizeof(struct fuse_open_out);
	case FUSE_UNLINK:
		file = find(argument);
		if (file < 0)
			return -ENOENT;
		names[file][0] = 0;
		return 0;
	case FUSE_RELEASE:
		return 0;
	default:
		return -ENOSYS;
	}
}

static void serve(int device)
{
	static char in[65536], out[4096];
	const struct fuse_in_header *request = (void *)in;
	struct fuse_out_header *reply = (void *)out;
	for (;;) {
		int result;
		if (read(device, in, sizeof(in)) < 0)
			exit(errno == ENODEV ? 0 : 1);
		if (request->opcode == FUSE_FORGET || request->opcode == FUSE_BATCH_FORGET)
			continue;
		result = answer(request, in + sizeof(*request), out + sizeof(*reply));
		reply->unique = request->unique;
		reply->error = result < 0 ? result : 0;
		reply->len = sizeof(*reply) + (result > 0 ? result : 0);
		MUST(write(device, out, reply->len) == (ssize_t)reply->len);
	}
}

static void make(const char *prefix, int i)
{
	char path[512];
	int fd;
	snprintf(path, sizeof(path), "files/%s%d", prefix, i);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	close(fd);
	MUST(unlink(path) == 0);
}

int main(void)
{
	int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[64], name[32], long_name[300] = "";
	struct stat status;
	pid_t server;
	gate_block();
	enter_directory("fused");
	MUST(device >= 0);
	MUST(mkdir("files", 0700) == 0);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
	MUST(mount("fused", "files", "fuse", 0, options) == 0);
	for (int i = 0; i < THERE; i++) {
		snprintf(name, sizeof(name), "there%d", i);
		add(name);
	}
	server = fork();
	MUST(server >= 0);
	if (server == 0)
		serve(device);
	close(device);
	MUST(stat("files", &status) == 0);
	ready();
	gate_wait();
	for (int i = 0; i < THERE; i++)
		make("there", i);
	for (int i = 0; i < 7; i++)
		make("made", i);
	memset(long_name, 'l', 299);
	make(long_name, 0);
	MUST(umount("files") == 0);
	MUST(waitpid(server, NULL, 0) == server);
	return 0;
}

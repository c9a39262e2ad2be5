/* Keeps pages of a file in the page cache, from which a machine may take those that were not used for some seconds. */
#include "workload.h"
#include <sys/mman.h>

/* The pages stay until the returned mapping is removed. */
static inline void *keep_cached(int fd, size_t bytes)
{
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	MUST(map != MAP_FAILED);
	MUST(mlock(map, bytes) == 0);
	return map;
}

/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What runqlat hands to user space. */
#ifndef KTOP_RUNQLAT_H
#define KTOP_RUNQLAT_H

#define RUNQLAT_SLOTS 32

/* Waits since the object was loaded, of all threads that are wanted, on one CPU. */
struct runqlat_hist {
	/* slots[i] counts waits of 2^i to 2^(i+1)-1 units; slot 0 also those below 1, the last all longer ones. */
	__u64 slots[RUNQLAT_SLOTS];
};

/* Waits of one process since user space last took the entry out. */
struct runqlat_process {
	__u64 slots[RUNQLAT_SLOTS];
	/* Of the process's main thread; NUL terminated. */
	char comm[16];
};

#endif

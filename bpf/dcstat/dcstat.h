/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What dcstat passes to user space. */
#ifndef KTOP_DCSTAT_H
#define KTOP_DCSTAT_H

/* Calls since the object was loaded, on one CPU. */
struct dcstat_counts {
	/* lookup_fast: path components looked up in the cache. */
	__u64 refs;
	/* d_lookup: lookups on the slow path, and how many found nothing. */
	__u64 slow;
	__u64 miss;
	/* __d_lookup_rcu: lookups in RCU-walk, and how many found nothing. */
	__u64 rcu_refs;
	__u64 rcu_miss;
	/* __d_lookup: lookups in ref-walk (and by d_lookup), and how many found nothing. */
	__u64 ref_refs;
	__u64 ref_miss;
};

#endif

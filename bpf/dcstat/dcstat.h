/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What dcstat passes to user space. */
#ifndef KTOP_DCSTAT_H
#define KTOP_DCSTAT_H

/* Calls since the object was loaded, on one CPU. */
struct dcstat_counts {
	/* lookup_fast: path components looked up in the cache. */
	__u64 refs;
	/* d_lookup calls (slow path). */
	__u64 slow;
	/* d_lookup calls that found nothing. */
	__u64 miss;
	/* __d_lookup_rcu calls (RCU-walk). */
	__u64 rcu_refs;
	/* __d_lookup_rcu calls that found nothing. */
	__u64 rcu_miss;
	/* __d_lookup calls (ref-walk, and by d_lookup). */
	__u64 ref_refs;
	/* __d_lookup calls that found nothing. */
	__u64 ref_miss;
};

#endif

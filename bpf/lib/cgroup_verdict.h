/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef KTOP_CGROUP_VERDICT_H
#define KTOP_CGROUP_VERDICT_H

/* Whether a cgroup passes the filters by name. src/tools/lib/cgroup_filter.ts has the same values. */
enum cgroup_verdict {
	/* User space has not named it yet. */
	CGROUP_UNDECIDED,
	CGROUP_WANTED,
	CGROUP_UNWANTED,
	/* A bit: the same holds for all cgroups below it. */
	CGROUP_SETTLED = 4,
};

#endif

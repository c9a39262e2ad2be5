/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Sizes of names and paths, NUL included: include/uapi/linux/limits.h
 */
#ifndef KTOP_LIMITS_BPF_H
#define KTOP_LIMITS_BPF_H

/* NAME_MAX and a NUL */
#define NAME_BYTES 256
/* PATH_MAX */
#define PATH_BYTES 4096

#endif

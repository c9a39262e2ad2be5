/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Sizes of names and paths: include/uapi/linux/limits.h
 */
#ifndef KTOP_LIMITS_BPF_H
#define KTOP_LIMITS_BPF_H

#define NAME_MAX 255
/*
 * A name, one byte more, and a NUL: FUSE has longer names, up to 1024 bytes. User space marks a name of NAME_MAX + 1 bytes as cut
 * (src/tools/lib/struct.ts).
 */
#define NAME_BYTES (NAME_MAX + 2)
/* PATH_MAX, NUL included */
#define PATH_BYTES 4096

#endif

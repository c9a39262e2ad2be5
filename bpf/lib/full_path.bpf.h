/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * --full-path: the whole path of an open file, as the process that uses it sees it. User space sets the constant and the sizes of
 * the maps (src/tools/lib/full_path.ts).
 *
 * Map
 *   scratch  array, two for each CPU with the option, else one: struct record, 12.4 kB
 *
 * Cost: four reads of kernel memory for each name and mount point from the file to the root; nothing without the option.
 */
#ifndef KTOP_FULL_PATH_BPF_H
#define KTOP_FULL_PATH_BPF_H

#include "path.bpf.h"
#include "strings.bpf.h"

const volatile bool full_path = false;

/* The record of a tool with the option; its event has the members `walked` and `deleted`. */
#define FULL_PATH_RECORD(event_type)                                                                                \
	PATH_RECORD_TYPE(event_type);                                                                               \
	CPU_SCRATCH(struct record);                                                                                 \
	TAKE_STEP()

/* Appends the names of a file to a record without strings, the last first. Sets `walked` and `deleted` of its event. */
#define APPEND_FULL_PATH(record, file, task)                                                                        \
	({                                                                                                          \
		RESET_WALK(record);                                                                                 \
		append_file_path_of(&(record)->walk, file, task);                                                   \
		(record)->event.walked = (record)->walk.walked;                                                     \
		(record)->event.deleted = is_unlinked(file);                                                        \
	})

#endif

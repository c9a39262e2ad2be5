/**
 * The range of process and thread ids.
 *
 * @module
 */

/** The largest id that the kernel can be set to give: PID_MAX_LIMIT, include/linux/threads.h. */
export const MAX_PID = 4_194_304;

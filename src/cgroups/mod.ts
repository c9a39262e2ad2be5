/**
 * Names of cgroups: the container, pod or unit of a process, by the id that BPF programs record; and their limits. It reads cgroup
 * paths and the state files of container runtimes, all of them untrusted text, and opens no socket. The users of /etc/passwd are here,
 * too: rootless containers are found below their homes. It must not depend on BPF, tools or output.
 *
 * @module
 */
export { findHierarchy, type Hierarchy, type NamingHierarchy } from "./hierarchy.ts";
export { type CgroupLimits, readLimits } from "./limits.ts";
export type { CgroupName } from "./names.ts";
export { Cgroups } from "./resolver.ts";
export { type CgroupFiles, SYSTEM_FILES } from "./files.ts";
export { parseUser, readPasswd, SYSTEM_USERS } from "./users.ts";

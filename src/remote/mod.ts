/**
 * Other machines: what `@HOST` names, the command that runs ktop there through ssh, the stream of each host, and the monitor that
 * shows one host or merges several. The protocol is the recording format. What a host sends is untrusted input: the recording room
 * validates it, and here it is bounded. This room must not depend on BPF, privileges or a terminal.
 *
 * @module
 */
export { type Host, MAX_HOSTS, parseHosts } from "./hosts.ts";
export { type Install, remoteCommand, sshArguments, sshWords } from "./command.ts";
export { Fleet, type FleetOptions } from "./fleet.ts";
export { type ConnectionRequest, HostStream, type RunLimit, type StreamOptions } from "./stream.ts";
export { failureError, failureText } from "./failure.ts";
export { failureMessage } from "./hosts_pane.ts";
export { Gate } from "./gate.ts";
export type { HostPart } from "./merge.ts";
export { type Connect, connectBySsh, type Connection } from "./connection.ts";

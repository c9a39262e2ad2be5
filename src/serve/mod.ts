/**
 * `ktop serve`: adds up the ticks of tools as counters, and answers HTTP requests for them. The number of series, connections and
 * bytes is bounded whatever the rows and the clients are. This room must not depend on the screen or on the command line.
 *
 * @module
 */
export { type PassedDescriptor, passedDescriptors } from "./activation.ts";
export { isLocal, type ListenAddress, metricsUrl, parseListenAddress, type UnixAddress } from "./address.ts";
export { type ExportedTool, Exporter } from "./exporter.ts";
export { metricsOf } from "./tool_metrics.ts";
export { type Listener, MetricsServer } from "./server.ts";
export { metricsHandler } from "./handler.ts";
export { readToken, tokenCheck } from "./token.ts";

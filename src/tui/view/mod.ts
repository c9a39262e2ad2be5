/**
 * Turns an arranged screen into cells: header, panes, footer and overlay. Every function here is pure; the
 * same arguments draw the same cells. Nothing here reads files, keeps state or computes positions: places come from layout.
 *
 * @module
 */
export { view } from "./view.ts";

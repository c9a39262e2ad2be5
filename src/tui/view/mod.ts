/**
 * From an arranged screen to cells: header, panes, footer and what is open over them. Every function here is pure; the
 * same arguments draw the same cells. Nothing is measured, read, remembered or placed: places come from layout.
 *
 * @module
 */
export { view } from "./view.ts";

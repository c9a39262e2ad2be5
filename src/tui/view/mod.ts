/**
 * From the model and the person's choices to cells: header, panes, footer and what lies over them. Every function
 * here is pure; the same arguments draw the same screen. Nothing is measured, read or remembered.
 *
 * @module
 */
export { view, type ViewInput } from "./view.ts";

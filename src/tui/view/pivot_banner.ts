/**
 * What the header says of the process that the panes are narrowed to.
 *
 * @module
 */
import type { Model } from "../../model/mod.ts";
import { Style } from "../canvas/mod.ts";
import { type Group, groupWidth } from "./runs.ts";

/** The process in as many words as `width` cells hold: with its name, else its id alone. Nothing where panes are not narrowed. */
export function pivotBanner({ pivot }: Model, width: number): Group[] {
  if (!pivot) return [];
  const { pid, comm, state } = pivot;
  const variants = {
    narrowed: [comm === "" ? ` pid ${pid} ` : ` pid ${pid} ${comm} `, ` pid ${pid} `, ` ${pid} `],
    ended: [` pid ${pid} ${comm} ended `, ` pid ${pid} ended `, ` ${pid} ended `],
    gone: [` pid ${pid} has ended: not narrowed `, ` pid ${pid} is gone `, ` ${pid} gone `],
  }[state];
  const style = state === "narrowed" ? Style.banner : Style.warn;
  const groups = variants.map((text): Group => [{ text, style }]);
  return [groups.find((group) => groupWidth(group) < width) ?? groups.at(-1)!];
}

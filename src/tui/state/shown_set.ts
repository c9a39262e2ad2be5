/**
 * Which named set of panes is shown.
 *
 * @module
 */
import type { Model, PaneSet } from "../../model/mod.ts";

const isOffered = ({ offers = [] }: Model, name: string): boolean =>
  offers.some((offer) => offer.name === name);

/** The tools of a set that this monitor offers: a recording has only its own. */
export const offeredTools = (model: Model, { tools }: PaneSet): string[] =>
  tools.filter((name) => isOffered(model, name));

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

/** Whether the panes show a set, or what replaces its tools. Panes that cannot be chosen, such as that of the probes, are ignored. */
export function showsSet(model: Model, set: PaneSet): boolean {
  const { replacements = [] } = model;
  const shown = model.tools.map(({ tool }) => tool.name).filter((name) => isOffered(model, name));
  const requested = shown.map((name) => replacements.find(({ by }) => by === name)?.tool ?? name);
  const tools = offeredTools(model, set);
  return sameNames(tools, shown) || sameNames(tools, requested);
}

/**
 * Keys that say what the panes show: tools, columns, one process, one row.
 *
 * @module
 */
import { type Context, focused, selectedRow } from "../state/mod.ts";
import type { Binding } from "./binding.ts";
import { toggleColumnMenu, toggleToolMenu } from "./choose_panes.ts";
import { canPivot, openDetails, togglePivot, widens } from "./row.ts";

const hasOffers = ({ model }: Context): boolean => (model.offers?.length ?? 0) > 0;
const hasColumns = (context: Context): boolean => {
  const view = focused(context)?.tool.tool.view;
  return view !== undefined && view !== "histogram";
};

/** Keys over the panes. */
export const PANE_KEYS: readonly Binding[] = [
  {
    name: "tools",
    keys: ["t"],
    shown: "t",
    help: "Choose the tool this pane shows; add and remove panes.",
    footer: { key: "t", label: "Tools" },
    when: hasOffers,
    run: toggleToolMenu,
  },
  {
    name: "process",
    keys: ["p"],
    shown: "p",
    help:
      "Narrow every pane to the process of the selected row, counted in the kernel; once more widens again.",
    footer: { key: "p", label: "Process", labelNow: (context) => widens(context) ? "Widen" : null },
    when: canPivot,
    run: togglePivot,
  },
  {
    name: "details",
    keys: ["d"],
    shown: "d",
    help: "Everything about the selected row: whole names, all columns, its process, its numbers over time.",
    footer: { key: "d", label: "Details" },
    when: (context) => selectedRow(context) !== null,
    run: openDetails,
  },
  {
    name: "columns",
    keys: ["C"],
    shown: "C",
    help: "Show and hide columns.",
    when: hasColumns,
    run: toggleColumnMenu,
  },
];

/** The pane of what ktop itself costs. */
export const COST_KEYS: readonly Binding[] = [
  {
    name: "cost",
    keys: ["c"],
    shown: "c",
    help: "Measure what each BPF program of ktop costs, in a pane of its own; and end that; ends a pause.",
    when: ({ canMeasureCost }) => canMeasureCost === true,
    run: ({ ui }) => ({ ui: { ...ui, paused: null }, action: { kind: "toggleCost" } }),
  },
];

/**
 * The key for what ktop itself costs.
 *
 * @module
 */
import type { Binding } from "./binding.ts";

/** Keys of the panes. */
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

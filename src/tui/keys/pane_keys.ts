/**
 * Keys that choose what the panes show: tools, columns, one process, one row.
 *
 * @module
 */
import type { Arrangement } from "../layout/mod.ts";
import { resumed } from "../state/mod.ts";
import type { Binding } from "./binding.ts";
import { toggleColumnMenu, toggleSetMenu, toggleToolMenu } from "./choose_panes.ts";
import { hasHosts, showsOneHost, toggleHosts } from "./hosts.ts";
import { openFlags } from "./flags.ts";
import { canGroup, group, isGrouped, isOpen, toggleGroup } from "./group.ts";
import { canPivot, hasRow, noProcess, openDetails, togglePivot, widens } from "./row.ts";

const hasColumns = ({ focused }: Arrangement): boolean =>
  focused !== null && focused.flame === null && focused.tree === null &&
  focused.tool.tool.view !== "histogram";

/** Keys over the panes. */
export const PANE_KEYS: readonly Binding[] = [
  {
    name: "tools",
    keys: ["t"],
    shown: "t",
    help: "Choose the tool this pane shows; add and remove panes.",
    footer: { key: "t", label: "Tools" },
    needs: "setTools",
    run: toggleToolMenu,
  },
  {
    name: "sets",
    keys: ["T"],
    shown: "T",
    help:
      "Choose a named set of panes that belong together, such as files, disk or cpu, or one of the configuration.",
    footer: { key: "T", label: "Sets" },
    needs: "setTools",
    when: ({ ui }) => ui.paneSets.length > 0,
    run: toggleSetMenu,
  },
  {
    name: "hosts",
    keys: ["H"],
    shown: "H",
    help: "Of several hosts: one pane for each host with this pane's tool, or all hosts together again.",
    footer: {
      key: "H",
      label: "Hosts",
      labelNow: (now) => showsOneHost(now) ? "Together" : null,
    },
    needs: "setTools",
    when: hasHosts,
    run: toggleHosts,
  },
  {
    name: "flags",
    keys: ["e"],
    shown: "e",
    help: "Set the flags of this pane's tool, such as thresholds. It re-attaches; its history is kept.",
    footer: { key: "e", label: "Flags" },
    when: ({ focused }) => focused !== null,
    run: openFlags,
  },
  {
    name: "process",
    keys: ["p"],
    shown: "p",
    help:
      "Show only the process of the selected row, or only the rows of the selected group, in every pane; Esc goes back one step. The kernel then counts only this process; rows outside the group, and in the history those of others, are hidden.",
    footer: { key: "p", label: "Narrow", labelNow: (now) => widens(now) ? "Widen" : null },
    needs: "setPivot",
    when: canPivot,
    refusal: noProcess,
    run: togglePivot,
  },
  {
    name: "details",
    keys: ["d"],
    shown: "d",
    help: "Details of a row or group: all columns, process, container, graphs.",
    footer: { key: "d", label: "Details" },
    when: hasRow,
    refusal: () => "No row is selected",
    run: openDetails,
  },
  {
    name: "columns",
    keys: ["C"],
    shown: "C",
    help: "Show or hide columns.",
    when: hasColumns,
    run: toggleColumnMenu,
  },
  {
    name: "group",
    keys: ["b"],
    shown: "b",
    help:
      "Group the rows by a column: counts, rates, sums, maxima. Press again to choose the column, such as container or unit; Esc shows the rows again.",
    footer: { key: "b", label: "Group", labelNow: (now) => isGrouped(now) ? "Group by" : null },
    when: canGroup,
    run: group,
  },
  {
    name: "fold",
    keys: ["Enter"],
    shown: "Enter",
    help: "Show the rows of a group below it, or hide them; so do → and ←.",
    footer: { key: "Enter", label: "Open", labelNow: (now) => isOpen(now) ? "Close" : null },
    when: isGrouped,
    run: toggleGroup,
  },
];

/** The pane of what ktop itself costs. */
export const COST_KEYS: readonly Binding[] = [
  {
    name: "cost",
    keys: ["c"],
    shown: "c",
    help:
      "Measure what each of ktop's BPF programs costs, in a separate pane, or stop measuring; also ends a pause.",
    needs: "toggleCost",
    run: ({ ui }) => ({ ui: resumed(ui), command: { kind: "toggleCost" } }),
  },
];

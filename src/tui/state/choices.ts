/**
 * What the person chose, as plain data that a configuration can hold.
 *
 * @module
 */
import type { Model } from "../../monitor/model.ts";
import { INITIAL_PANE, type PaneUi, type Ui } from "./ui.ts";

/** One pane. */
export interface PaneChoice extends Pick<PaneUi, "sort" | "reverse" | "filter" | "columns"> {
  /** Name of the tool. */
  readonly tool: string;
}

/** The panes as they are, in their order. */
export function chosenPanes(ui: Ui, model: Model): PaneChoice[] {
  return model.tools.map(({ tool }, i) => {
    const { sort, reverse, filter, columns } = ui.panes[i] ?? INITIAL_PANE;
    return { tool: tool.name, sort, reverse, filter, columns };
  });
}

/** A pane in which this was chosen before. */
export function paneOf({ sort, reverse, filter, columns }: Omit<PaneChoice, "tool">): PaneUi {
  return { ...INITIAL_PANE, sort, reverse, filter, columns };
}

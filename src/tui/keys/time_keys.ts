/**
 * Keys that go through time and choose how a zoomed pane shows it.
 *
 * @module
 */
import type { Binding } from "./binding.ts";
import { RECENT_EXAMPLES } from "../../text/mod.ts";
import { canGoToTime, openTimePrompt } from "./time_prompt.ts";
import { hasPast, hasViews, historyStart, isPaused, jumpMinutes, nextView, stepTime } from "./time.ts";

/** Keys of the panes. */
export const timeKeys: readonly Binding[] = [
  {
    name: "back-in-time",
    keys: ["["],
    shown: "[",
    help: "Pause, and show all panes as they were one interval earlier. Ten minutes are kept. Space resumes.",
    footer: { key: "[", label: "Past" },
    when: hasPast,
    refusal: historyStart,
    run: (screen) => stepTime(screen, -1),
  },
  {
    name: "forward-in-time",
    keys: ["]"],
    shown: "]",
    help: "One interval later, while paused.",
    footer: { key: "]", label: "Later" },
    when: isPaused,
    run: (screen) => stepTime(screen, 1),
  },
  {
    name: "minute-back",
    keys: ["{"],
    shown: "{",
    help: "Pause, and show all panes as they were one minute earlier.",
    when: hasPast,
    refusal: historyStart,
    run: (screen) => jumpMinutes(screen, -1),
  },
  {
    name: "minute-forward",
    keys: ["}"],
    shown: "}",
    help: "One minute later, while paused.",
    when: isPaused,
    run: (screen) => jumpMinutes(screen, 1),
  },
  {
    name: "go-to-time",
    keys: ["@"],
    shown: "@",
    help: `Pause, and show all panes as they were at a time in the last ten minutes: ${RECENT_EXAMPLES}.`,
    footer: { key: "@", label: "Time" },
    when: canGoToTime,
    run: openTimePrompt,
  },
  {
    name: "view",
    keys: ["v"],
    shown: "v",
    help:
      "Next view of a zoomed pane: a flame graph of stacks, graphs or a heat map over time (denser means more), then bars, counters or the table alone.",
    footer: { key: "v", label: "View" },
    when: hasViews,
    run: nextView,
  },
];

/**
 * Keys that move in recorded time. In a replay they replace the keys that only a live monitor has.
 *
 * @module
 */
import { MOMENT_EXAMPLES } from "../../text/mod.ts";
import { type Arrangement, outstandingTime, type Screen } from "../layout/mod.ts";
import { atFirstRows, type Command, type Outcome } from "../state/mod.ts";
import { ask, type Binding } from "./binding.ts";

/** Seconds that `{` and `}` jump. */
const JUMP_S = 60;

/** Sends a command that jumps; every list then starts at its first row. */
const jump = (command: Command) => ({ ui, shown }: Screen): Outcome => ({
  ui: atFirstRows(ui, shown),
  command,
});

const goToPeak = (direction: 1 | -1) => (screen: Screen): Outcome => {
  const time = outstandingTime(screen.model, direction);
  return time === null ? { ui: screen.ui } : jump({ kind: "goToTime", time })(screen);
};

const noPeak = ({ model }: Arrangement, side: "before" | "after"): string =>
  model.replay?.peaks ? `There is no peak ${side} this` : "The recording is still being read";

const KEYS: readonly Binding[] = [
  {
    name: "replay-pause",
    keys: [" "],
    shown: "Space",
    help: "Pause or resume; at the end, restart.",
    footer: {
      key: "Space",
      label: "Pause",
      labelNow: ({ model }) => model.replay?.state === "playing" ? null : "Play",
    },
    needs: "togglePlayback",
    run: ask({ kind: "togglePlayback" }),
  },
  {
    name: "replay-back",
    keys: ["["],
    shown: "[",
    help: "One tick back, and pause.",
    footer: { key: "[ ]", label: "Step" },
    needs: "stepPlayback",
    run: ask({ kind: "stepPlayback", ticks: -1 }),
  },
  {
    name: "replay-forward",
    keys: ["]"],
    shown: "]",
    help: "One tick forward, and pause.",
    needs: "stepPlayback",
    run: ask({ kind: "stepPlayback", ticks: 1 }),
  },
  {
    name: "replay-minute-back",
    keys: ["{"],
    shown: "{",
    help: "One minute back.",
    footer: { key: "{ }", label: "Minute" },
    needs: "jumpPlayback",
    run: jump({ kind: "jumpPlayback", seconds: -JUMP_S }),
  },
  {
    name: "replay-minute-forward",
    keys: ["}"],
    shown: "}",
    help: "One minute forward.",
    needs: "jumpPlayback",
    run: jump({ kind: "jumpPlayback", seconds: JUMP_S }),
  },
  {
    name: "replay-previous-peak",
    keys: ["("],
    shown: "(",
    help: "Go back to the previous peak in the timeline: many reads, a long latency, lost events.",
    footer: { key: "( )", label: "Peak" },
    needs: "goToTime",
    when: ({ model }) => outstandingTime(model, -1) !== null,
    refusal: (now) => noPeak(now, "before"),
    run: goToPeak(-1),
  },
  {
    name: "replay-next-peak",
    keys: [")"],
    shown: ")",
    help: "Go to the next peak in the timeline.",
    needs: "goToTime",
    when: ({ model }) => outstandingTime(model, 1) !== null,
    refusal: (now) => noPeak(now, "after"),
    run: goToPeak(1),
  },
  {
    name: "replay-start",
    keys: ["0"],
    shown: "0",
    help: "Go to the start of the recording.",
    needs: "jumpToStart",
    run: jump({ kind: "jumpToStart" }),
  },
  {
    name: "replay-end",
    keys: ["$"],
    shown: "$",
    help: "Go to the end of the recording.",
    needs: "jumpToEnd",
    run: jump({ kind: "jumpToEnd" }),
  },
  {
    name: "replay-faster",
    keys: ["+", "="],
    shown: "+",
    help: "Double the speed, up to 64 times.",
    footer: { key: "+/-", label: "Speed" },
    needs: "changeSpeed",
    run: ask({ kind: "changeSpeed", direction: 1 }),
  },
  {
    name: "replay-slower",
    keys: ["-"],
    shown: "-",
    help: "Halve the speed, down to a quarter.",
    needs: "changeSpeed",
    run: ask({ kind: "changeSpeed", direction: -1 }),
  },
];

/** Help of bindings that work differently in a replay, by name. */
const HELP: Readonly<Record<string, string>> = {
  "go-to-time":
    `Go to a time of the recording, and pause: ${MOMENT_EXAMPLES}. -90m is relative to what is shown.`,
  process:
    "Show only the rows and events of the selected row's process; press again to show all. Counters and histograms stay as recorded.",
};

/** The bindings over the panes with those of a replay, in the position of the first binding that they replace. */
export function withReplayKeys(bindings: readonly Binding[]): readonly Binding[] {
  const taken = new Set(KEYS.flatMap(({ keys }) => keys));
  const free = (binding: Binding): boolean => !binding.keys.some((key) => taken.has(key));
  const at = bindings.findIndex((binding) => !free(binding));
  const helped = (binding: Binding): Binding => ({ ...binding, help: HELP[binding.name] ?? binding.help });
  return [...bindings.slice(0, at), ...KEYS, ...bindings.slice(at).filter(free)].map(helped);
}

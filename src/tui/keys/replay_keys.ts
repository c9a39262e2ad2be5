/**
 * The keys that move in recorded time, in place of those that have no meaning there.
 *
 * @module
 */
import { ask, type Binding } from "./binding.ts";

/** Seconds that `{` and `}` jump. */
const JUMP_S = 60;

const KEYS: readonly Binding[] = [
  {
    name: "replay-pause",
    keys: [" "],
    shown: "Space",
    help: "Hold the recording, and go on; at its end, play it again.",
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
    help: "One tick back, and hold.",
    footer: { key: "[ ]", label: "Step" },
    needs: "stepPlayback",
    run: ask({ kind: "stepPlayback", ticks: -1 }),
  },
  {
    name: "replay-forward",
    keys: ["]"],
    shown: "]",
    help: "One tick on, and hold.",
    needs: "stepPlayback",
    run: ask({ kind: "stepPlayback", ticks: 1 }),
  },
  {
    name: "replay-minute-back",
    keys: ["{"],
    shown: "{",
    help: "A minute back.",
    footer: { key: "{ }", label: "Minute" },
    needs: "jumpPlayback",
    run: ask({ kind: "jumpPlayback", seconds: -JUMP_S }),
  },
  {
    name: "replay-minute-forward",
    keys: ["}"],
    shown: "}",
    help: "A minute on.",
    needs: "jumpPlayback",
    run: ask({ kind: "jumpPlayback", seconds: JUMP_S }),
  },
  {
    name: "replay-start",
    keys: ["0"],
    shown: "0",
    help: "To the start of the recording.",
    needs: "jumpToStart",
    run: ask({ kind: "jumpToStart" }),
  },
  {
    name: "replay-end",
    keys: ["$"],
    shown: "$",
    help: "To the end of the recording.",
    needs: "jumpToEnd",
    run: ask({ kind: "jumpToEnd" }),
  },
  {
    name: "replay-faster",
    keys: ["+", "="],
    shown: "+",
    help: "Twice as fast, up to 64 times.",
    footer: { key: "+/-", label: "Speed" },
    needs: "changeSpeed",
    run: ask({ kind: "changeSpeed", direction: 1 }),
  },
  {
    name: "replay-slower",
    keys: ["-"],
    shown: "-",
    help: "Half as fast, down to a quarter.",
    needs: "changeSpeed",
    run: ask({ kind: "changeSpeed", direction: -1 }),
  },
];

/** What keys that stay do here in another way, by name of binding. */
const HELP: Readonly<Record<string, string>> = {
  process:
    "Only the rows and events of the selected row's process; once more, all again. Counters and histograms stay as recorded.",
};

/** The bindings of the panes with those of a replay, which stand where the first of those stood that they replace. */
export function withReplayKeys(bindings: readonly Binding[]): readonly Binding[] {
  const taken = new Set(KEYS.flatMap(({ keys }) => keys));
  const free = (binding: Binding): boolean => !binding.keys.some((key) => taken.has(key));
  const at = bindings.findIndex((binding) => !free(binding));
  const helped = (binding: Binding): Binding => ({ ...binding, help: HELP[binding.name] ?? binding.help });
  return [...bindings.slice(0, at), ...KEYS, ...bindings.slice(at).filter(free)].map(helped);
}

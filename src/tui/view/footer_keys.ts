/**
 * Which keys the footer shows, and with which words. The way out and the way to the help are always among them.
 *
 * @module
 */
import { Style } from "../canvas/mod.ts";
import { hiddenPaneCount, type KeyHint, type Screen } from "../layout/mod.ts";
import { type Group, groupWidth } from "./runs.ts";
import { spell } from "./symbols.ts";

/** Names of the bindings over the panes, the most used first; the others follow. */
const ORDER = [
  "help",
  "back",
  "fold",
  "zoom-frame",
  "beside",
  "view",
  "histogram",
  "hosts",
  "tools",
  "filter",
  "details",
  "sort",
  "zoom",
  "pause",
  "back-in-time",
  "process",
  "flags",
  "group",
  "sets",
];
/** On a narrow screen the way into the past comes before the tools. */
const NARROW_ORDER = ORDER.toSpliced(ORDER.indexOf("tools"), 0, "back-in-time");
/** Minimum width of a screen that shows the usual order. */
const MIN_USUAL_WIDTH = 60;
/** The first keys while some panes are not on the screen. */
const HIDDEN_PANES_ORDER = ["help", "back", "next-pane"];
/** While paused, the keys that move through time and back to now come first. */
const PAUSED_ORDER = ["help", "back", "pause", "back-in-time", "forward-in-time"];
/** The first keys in a replay. */
const REPLAY_ORDER = ["help", "back", "replay-pause", "replay-back"];
/** Over the panes, gaps are made smaller until the keys up to this one are shown. */
const LAST_WANTED = "back-in-time";

/** Names of the keys that are always shown: the way out and the way to the help. */
const ALWAYS: readonly string[] = ["help", "back", "quit"];
const ALWAYS_OVER_PANES: readonly string[] = ["help", "back"];

/** Names of the keys that accept what is chosen or typed: for them the others lose their words. */
const ACCEPTS: readonly string[] = ["accept", "apply-flags"];

/** A key that the footer can show. */
export interface FooterKey {
  readonly hint: KeyHint;
  /** It is shown even if there is no room for its word. */
  readonly always: boolean;
  /** Gaps are made smaller to make room for it. */
  readonly wanted: boolean;
}

/** How keys are written: with words and wide gaps, with small gaps, or those that are always shown without words. */
type Form = "wide" | "close" | "bare";

function keyGroup({ hint: { footer }, always }: FooterKey, form: Form, ascii: boolean): Group {
  if (!footer) return [];
  const key = { text: spell(footer.key, ascii), style: Style.key };
  if (form === "bare" && always) return [key];
  return [key, { text: ` ${footer.label}`, style: Style.keyLabel }];
}

/** The keys over the panes, the most used first, and quit last. */
function paneKeys(screen: Screen, hints: readonly KeyHint[]): FooterKey[] {
  const usual = screen.size.width < MIN_USUAL_WIDTH ? NARROW_ORDER : ORDER;
  const panes = hiddenPaneCount(screen) === null ? [] : HIDDEN_PANES_ORDER;
  const first = screen.model.replay ? REPLAY_ORDER : screen.ui.paused ? PAUSED_ORDER : [];
  const order = [...first, ...panes, ...usual];
  const place = ({ name }: KeyHint): number => order.includes(name) ? order.indexOf(name) : order.length;
  return hints.toSorted((a, b) => place(a) - place(b)).map((hint) => ({
    hint,
    always: ALWAYS.includes(hint.name),
    wanted: place(hint) <= order.lastIndexOf(LAST_WANTED),
  }));
}

/** The keys that work here, the most important first. */
export function footerKeys(screen: Screen): FooterKey[] {
  const hints = screen.hints.filter(({ footer }) => footer !== undefined);
  if (screen.ui.overlay === null) return paneKeys(screen, hints);
  return hints.map((hint) => ({ hint, always: ALWAYS_OVER_PANES.includes(hint.name), wanted: true }));
}

/** Keys in one form. */
export interface KeyLine {
  readonly groups: readonly Group[];
  readonly gap: number;
}

/** The keys that fit into `width` cells; null if a key is missing that this form must show. */
export function keysIn(form: Form, keys: readonly FooterKey[], { width, ascii }: {
  width: number;
  ascii: boolean;
}): KeyLine | null {
  const gap = form === "wide" ? 2 : 1;
  const cells = (key: FooterKey): number => groupWidth(keyGroup(key, form, ascii)) + gap;
  let left = width + gap - keys.filter(({ always }) => always).reduce((sum, key) => sum + cells(key), 0);
  if (left < 0 && form !== "bare") return null;
  let full = false;
  const shown = keys.filter((key) => {
    if (key.always) return true;
    full ||= cells(key) > left;
    if (!full) left -= cells(key);
    return !full;
  });
  const hidden = keys.filter((key) => !shown.includes(key));
  const isBareBetter = shown.every(({ always }) => always) ||
    hidden.some(({ hint }) => ACCEPTS.includes(hint.name));
  if (form === "close" && hidden.length > 0 && isBareBetter) return null;
  if (form === "wide" && hidden.some(({ wanted }) => wanted)) return null;
  return { groups: shown.map((key) => keyGroup(key, form, ascii)), gap };
}

/** The keys for `width` cells in the widest form that fits. */
export function keyLine(keys: readonly FooterKey[], room: { width: number; ascii: boolean }): KeyLine {
  return keysIn("wide", keys, room) ?? keysIn("close", keys, room) ?? keysIn("bare", keys, room)!;
}

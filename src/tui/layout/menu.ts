/**
 * Menus: lists over the panes from which one entry is chosen. What is in them, where they stand, how they are moved
 * through. A new menu is one more kind here; view and mouse need no change.
 *
 * @module
 */
import type { Offer } from "../../model/mod.ts";
import { displayWidth } from "../../text/width.ts";
import type { Rect } from "../canvas/mod.ts";
import { type Context, focused, isShown, type Overlay, shownModel, sortChoices } from "../state/mod.ts";
import { chooseLayout, screenBody } from "./layout.ts";

/** One line of a menu. */
export interface MenuEntry {
  /** Before the name: a box that is ticked, numbers of panes. */
  readonly mark: string;
  readonly name: string;
  /** A word or two after the name. */
  readonly status: string;
  readonly text: string;
  /** It cannot be had here. */
  readonly dim: boolean;
}

/** A menu that is open. */
export interface Menu {
  readonly title: string;
  readonly entries: readonly MenuEntry[];
  readonly selected: number;
  /** It belongs to the focused pane and stands there where there is room. */
  readonly inPane: boolean;
}

/** Where a menu stands on the screen, and which of its entries are seen. */
export interface MenuBox {
  readonly outer: Rect;
  readonly inner: Rect;
  readonly boxed: boolean;
  /** Index of the entry in the first line. */
  readonly first: number;
}

/** An overlay that is a menu. */
export type MenuOverlay = Extract<Overlay, { selected: number }>;

/** The open overlay when it is a menu. */
export function openMenu(overlay: Overlay | null): MenuOverlay | null {
  return overlay !== null && "selected" in overlay ? overlay : null;
}

const sortEntries = (context: Context): MenuEntry[] => {
  const target = focused(context);
  return (target ? sortChoices(target.tool) : []).map(({ title, description }) => ({
    mark: "",
    name: title,
    status: "",
    text: description,
    dim: false,
  }));
};

const columnEntries = (context: Context): MenuEntry[] =>
  (focused(context)?.tool.tool.columns ?? []).map((column) => ({
    mark: isShown(column) ? "[x]" : "[ ]",
    name: column.title,
    status: "",
    text: column.description,
    dim: false,
  }));

/** Whether a tool can run here, in a word. */
const ability = ({ tier }: Offer): string => tier === undefined ? "" : tier ?? "cannot run";

const toolEntries = ({ ui, model }: Context): MenuEntry[] => {
  const panes = shownModel(ui, model).tools.map(({ tool }) => tool.name);
  const numbers = (name: string): string =>
    panes.flatMap((pane, i) => pane === name ? [String(i + 1)] : []).join("").padStart(1);
  return (model.offers ?? []).map((offer) => ({
    mark: numbers(offer.name),
    name: offer.name,
    status: ability(offer),
    text: offer.reason === "" ? offer.summary : `${offer.summary} (${offer.reason})`,
    dim: offer.tier === null,
  }));
};

/** The menu that is open; null: none. */
export function menuOf(context: Context): Menu | null {
  const overlay = openMenu(context.ui.overlay);
  if (overlay === null) return null;
  const number = context.ui.focus + 1;
  const count = context.ui.panes.length;
  const kinds = {
    sort: { title: "Sort by", entries: sortEntries, inPane: true },
    columns: { title: "Columns", entries: columnEntries, inPane: true },
    tools: { title: `Tool for pane ${number} of ${count}`, entries: toolEntries, inPane: false },
  };
  const { title, entries, inPane } = kinds[overlay.kind];
  const all = entries(context);
  return { title, entries: all, inPane, selected: Math.max(0, Math.min(overlay.selected, all.length - 1)) };
}

/** Cells of each part of an entry: as wide as its widest. */
export function entryWidths(
  entries: readonly MenuEntry[],
): Record<"mark" | "name" | "status" | "text", number> {
  const widest = (part: "mark" | "name" | "status" | "text"): number =>
    Math.max(0, ...entries.map((entry) => displayWidth(entry[part])));
  return { mark: widest("mark"), name: widest("name"), status: widest("status"), text: widest("text") };
}

/** Cells of a whole entry, with a space at both ends and two between its parts. */
function entryWidth(entries: readonly MenuEntry[]): number {
  const { mark, name, status, text } = entryWidths(entries);
  const parts = [mark, name, status, text].filter((width) => width > 0);
  return parts.reduce((sum, width) => sum + width + 2, 0);
}

/** Smallest box with a frame; smaller ones are bare lists. */
const MIN_BOXED = { width: 30, height: 8 };

/** The place a menu may take: its pane, or all between header and footer. */
function menuArea(context: Context, { inPane, entries }: Menu): Rect {
  const { ui, model, size } = context;
  const body = screenBody(size);
  if (!inPane) return body;
  const tools = shownModel(ui, model).tools;
  const { panes } = chooseLayout({ size, tools, focus: ui.focus, zoom: ui.zoom });
  const pane = panes.find(({ index }) => index === ui.focus);
  const enough = Math.min(entries.length + 2, MIN_BOXED.height);
  return pane && pane.height >= enough && pane.width >= MIN_BOXED.width ? pane : body;
}

/** Where the menu stands. */
export function menuBox(context: Context, menu: Menu): MenuBox {
  const area = menuArea(context, menu);
  const boxed = area.width >= MIN_BOXED.width &&
    area.height >= Math.min(MIN_BOXED.height, menu.entries.length + 2);
  const frame = boxed ? 2 : 0;
  const indent = boxed && area.width >= 40 ? 2 : 0;
  const wanted = Math.max(entryWidth(menu.entries), displayWidth(menu.title) + 6) + frame;
  const width = boxed ? Math.min(area.width - 2 * indent, wanted) : area.width;
  const height = boxed ? Math.min(area.height, menu.entries.length + frame) : area.height;
  const top = boxed && area.height > height ? 1 : 0;
  const outer = { x: area.x + indent, y: area.y + top, width, height };
  const inner = {
    x: outer.x + frame / 2,
    y: outer.y + frame / 2,
    width: width - frame,
    height: Math.max(0, height - frame),
  };
  const last = Math.max(0, menu.entries.length - inner.height);
  return { outer, inner, boxed, first: Math.max(0, Math.min(last, menu.selected - inner.height + 1)) };
}

/** The entry at a cell of the screen; null where there is none. */
export function entryAt(context: Context, x: number, y: number): number | null {
  const menu = menuOf(context);
  if (!menu) return null;
  const { inner, first } = menuBox(context, menu);
  const index = first + y - inner.y;
  const inside = x >= inner.x && x < inner.x + inner.width && y >= inner.y && y < inner.y + inner.height;
  return inside && index < menu.entries.length ? index : null;
}

/**
 * Menus: lists over the panes from which one entry is chosen. A new menu is a new kind here, without changes to the view or
 * the mouse.
 *
 * @module
 */
import { type Column, type Flag, type Offer, orderTitles, type ToolModel } from "../../model/mod.ts";
import { displayWidth, skip, wrap } from "../../text/mod.ts";
import type { Rect } from "../canvas/mod.ts";
import {
  formFlags,
  foundColumns,
  foundOffers,
  groupChoices,
  isShown,
  isTyped,
  menuSearch,
  openMenu,
  OWN_ORDER,
  showsSet,
  sortedBy,
  sortEntries,
} from "../state/mod.ts";
import type { Arrangement } from "./arrangement.ts";

/** One line of a menu. */
export interface MenuEntry {
  /** Before the name: a box that is ticked, numbers of panes. */
  readonly mark: string;
  readonly name: string;
  /** A word or two after the name. */
  readonly status: string;
  readonly text: string;
  /** It is not available here. */
  readonly dim: boolean;
  /** It is the one in use; absent: no. */
  readonly used?: boolean;
  /** The status is a value that is typed: a cursor follows it. */
  readonly typed?: boolean;
}

/** A menu that is open: what is in it, and where it is. */
export interface ArrangedMenu {
  readonly title: string;
  /** On the lower edge: another way to choose; empty: none. */
  readonly note: string;
  /** What is typed to find an entry; null: entries cannot be searched. */
  readonly search: string | null;
  readonly entries: readonly MenuEntry[];
  /** Index of the selected entry. */
  readonly selected: number;
  readonly outer: Rect;
  /** Within the frame. */
  readonly inner: Rect;
  readonly boxed: boolean;
  /** Index of the entry in the first line. */
  readonly first: number;
  /** Cells of each part of an entry: as wide as its widest. */
  readonly widths: EntryWidths;
  /** The whole text of the selected entry, below the list of a box that is too narrow for it; empty: there is none. */
  readonly detail: readonly string[];
}

/** Cells of the parts of an entry. */
export type EntryWidths = Readonly<Record<"mark" | "name" | "status" | "text", number>>;

type MenuContent = Pick<ArrangedMenu, "title" | "search" | "entries" | "selected"> & {
  /** It belongs to the focused pane and is drawn over it if there is room. */
  readonly inPane: boolean;
};

const choiceEntries = (columns: readonly Column[], used: string | null): MenuEntry[] =>
  columns.map(({ key, title, description }) => ({
    mark: "",
    used: key === used,
    name: title,
    status: "",
    text: description,
    dim: false,
  }));

/** A tool's own order: newest first, or by which columns. */
function ownOrderText({ tool, flags }: ToolModel): string {
  if (tool.view === "events") return "Newest first, as the tool reports them.";
  const titles = orderTitles(tool, flags);
  const sum = titles.length > 1 ? "the sum of " : "";
  return titles.length === 0
    ? "As the tool orders its rows."
    : `The tool's order: by ${sum}${titles.join(" + ")}.`;
}

const ownOrderEntry = (tool: ToolModel, isUsed: boolean): MenuEntry => ({
  mark: "",
  used: isUsed,
  name: OWN_ORDER,
  status: "",
  text: ownOrderText(tool),
  dim: false,
});

function orderEntries({ ui, focused }: Arrangement): MenuEntry[] {
  if (!focused) return [];
  const used = sortedBy(focused.tool, focused.pane)?.key ?? null;
  return foundColumns(sortEntries(focused), ui).flatMap((column) =>
    column ? choiceEntries([column], used) : [ownOrderEntry(focused.tool, used === null)]
  );
}

const groupEntries = ({ ui, focused }: Arrangement): MenuEntry[] =>
  focused ? choiceEntries(foundColumns(groupChoices(focused.rowTool), ui), focused.pane.by) : [];

const columnEntries = ({ ui, focused }: Arrangement): MenuEntry[] =>
  foundColumns(focused?.tool.tool.columns ?? [], ui).map((column) => ({
    mark: isShown(column) ? "[x]" : "[ ]",
    name: column.title,
    status: "",
    text: column.description,
    dim: false,
  }));

/** The end of a value, where it is typed. */
const shownEnd = (text: string): string => skip(text, Math.max(0, displayWidth(text) - MAX_VALUE));

const flagEntries = ({ ui, focused }: Arrangement): MenuEntry[] => {
  const { overlay } = ui;
  if (!focused || overlay?.kind !== "flags") return [];
  return formFlags(focused.tool.tool).map((flag, i) => {
    const value = overlay.values[flag.name];
    const letter = flag.letter === undefined ? "" : `-${flag.letter}: `;
    return {
      mark: flag.kind !== "switch" ? "" : value === true ? "[x]" : "[ ]",
      name: flag.name,
      status: typeof value === "string" ? shownEnd(value) : "",
      text: `${letter}${flag.description}${choicesText(flag)}`,
      dim: false,
      typed: i === overlay.selected && isTyped(flag),
    };
  });
};

const choicesText = ({ choices }: Flag): string => choices === undefined ? "" : `: ${choices.join(", ")}`;

/** Whether a tool can run here, in a word. */
const ability = ({ tier }: Offer): string => tier === undefined ? "" : tier ?? "cannot run";

const toolEntries = ({ ui, model, shown }: Arrangement): MenuEntry[] => {
  const panes = shown.tools.map(({ tool }) => tool.name);
  const numbers = (name: string): string =>
    panes.flatMap((pane, i) => pane === name ? [String(i + 1)] : []).join("").padStart(1);
  return foundOffers(model, menuSearch(ui)).map((offer) => ({
    mark: numbers(offer.name),
    name: offer.name,
    status: ability(offer),
    text: offer.reason === "" ? offer.summary : `${offer.summary} (${offer.reason})`,
    dim: offer.tier === null,
  }));
};

const setEntries = ({ ui, model }: Arrangement): MenuEntry[] =>
  ui.paneSets.map((set) => ({
    mark: "",
    used: showsSet(model, set),
    name: set.name,
    status: "",
    text: `${set.tools.join(", ")}: ${set.summary}`,
    dim: false,
  }));

function menuContent(arrangement: Arrangement): MenuContent | null {
  const { ui } = arrangement;
  const overlay = openMenu(ui.overlay);
  if (overlay === null) return null;
  const kinds = {
    sort: { title: "Sort by", entries: orderEntries, inPane: true },
    group: { title: "Group by", entries: groupEntries, inPane: true },
    columns: { title: "Columns", entries: columnEntries, inPane: true },
    flags: {
      title: `Flags of ${arrangement.focused?.tool.tool.name ?? ""}`,
      entries: flagEntries,
      inPane: false,
    },
    tools: {
      title: `Tool for pane ${ui.focus + 1} of ${ui.panes.length}`,
      entries: toolEntries,
      inPane: false,
    },
    sets: { title: "Panes", entries: setEntries, inPane: false },
  };
  const { title, entries, inPane } = kinds[overlay.kind];
  const all = entries(arrangement);
  const search = menuSearch(ui);
  return {
    title,
    search,
    entries: all,
    inPane,
    selected: Math.max(0, Math.min(overlay.selected, all.length - 1)),
  };
}

function entryWidths(entries: readonly MenuEntry[]): EntryWidths {
  const widest = (part: keyof EntryWidths): number =>
    Math.max(0, ...entries.map((entry) => displayWidth(entry[part])));
  const typed = entries.some((entry) => entry.typed !== undefined);
  return {
    mark: widest("mark"),
    name: widest("name"),
    status: typed ? Math.max(MIN_VALUE, widest("status") + 1) : widest("status"),
    text: widest("text"),
  };
}

/** Cells of a whole entry, with a space at both ends and two between its parts. */
function entryWidth({ mark, name, status, text }: EntryWidths): number {
  const parts = [mark, name, status, text].filter((width) => width > 0);
  return parts.reduce((sum, width) => sum + width + 2, 0);
}

/** Maximum and minimum width of a value in a form, cells; with a minimum, typing does not move the text beside it. */
const MAX_VALUE = 30;
const MIN_VALUE = 8;

/** Cells of a title beside the name, with the search. */
const SEARCH_WIDTH = 30;

/** Smallest box with a frame; smaller ones are bare lists. */
const MIN_BOXED = { width: 30, height: 8 };

/** A box in an area narrower than this shows the text of the selected entry below the list if some text is cut, in at most a quarter of its lines. */
const MIN_WIDE = 60;
/** Texts beside the names in fewer cells say nothing: they are left out where the selected one is below. */
const MIN_TEXT = 16;

/** This many lines; the last one has the rest of the text, which may be too long for it. */
function fittingLines(lines: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => lines.slice(i, i < count - 1 ? i + 1 : undefined).join(" "));
}

/** The rectangle that a menu may take: its pane, or everything between header and footer. */
function menuArea({ body, focused }: Arrangement, { inPane, entries }: MenuContent): Rect {
  const enough = Math.min(entries.length + 2, MIN_BOXED.height);
  const rect = inPane ? focused?.rect : undefined;
  return rect && rect.height >= enough && rect.width >= MIN_BOXED.width ? rect : body;
}

/** From the menu of tools to that of sets. */
function setsNote({ ui: { overlay, paneSets } }: Arrangement, setsKey: () => string | undefined): string {
  const key = overlay?.kind === "tools" && paneSets.length > 0 ? setsKey() : undefined;
  return key === undefined ? "" : `Esc ${key}: sets of panes`;
}

/**
 * Arranges the open menu; null if there is none.
 *
 * @param setsKey returns the key that opens the menu of sets; undefined: none
 */
export function arrangeMenu(
  arrangement: Arrangement,
  setsKey: () => string | undefined,
): ArrangedMenu | null {
  const content = menuContent(arrangement);
  if (content === null) return null;
  const { title, search, entries, selected } = content;
  const area = menuArea(arrangement, content);
  const boxed = area.width >= MIN_BOXED.width &&
    area.height >= Math.min(MIN_BOXED.height, entries.length + 2);
  const frame = boxed ? 2 : 0;
  const indent = boxed && area.width >= 40 ? 2 : 0;
  const widths = entryWidths(entries);
  const wanted = Math.max(entryWidth(widths), displayWidth(title) + (search === null ? 6 : SEARCH_WIDTH)) +
    frame;
  const width = boxed ? Math.min(area.width - 2 * indent, wanted) : area.width;
  const details = boxed && area.width < MIN_WIDE && entryWidth(widths) > width - frame
    ? entries.map(({ text }) => wrap(text, width - frame - 2))
    : [];
  const detailHeight = Math.min(
    Math.floor((area.height - frame) / 4),
    Math.max(0, ...details.map(({ length }) => length)),
  );
  const height = boxed
    ? Math.min(area.height, Math.max(1, entries.length) + detailHeight + frame)
    : area.height;
  const top = boxed && area.height > height ? 1 : 0;
  const outer = { x: area.x + indent, y: area.y + top, width, height };
  const inner = {
    x: outer.x + frame / 2,
    y: outer.y + frame / 2,
    width: width - frame,
    height: Math.max(0, height - frame - detailHeight),
  };
  const detail = fittingLines(details[selected] ?? [], detailHeight);
  const textRoom = width - frame - entryWidth({ ...widths, text: 0 }) - 2;
  const shown = detailHeight > 0 && textRoom < MIN_TEXT ? { ...widths, text: 0 } : widths;
  const last = Math.max(0, entries.length - inner.height);
  const first = Math.max(0, Math.min(last, selected - inner.height + 1));
  const note = setsNote(arrangement, setsKey);
  return { title, note, search, entries, selected, outer, inner, boxed, first, widths: shown, detail };
}

/** Index of the entry at a cell of the screen; null if there is none. */
export function entryAt({ inner, first, entries }: ArrangedMenu, x: number, y: number): number | null {
  const index = first + y - inner.y;
  const inside = x >= inner.x && x < inner.x + inner.width && y >= inner.y && y < inner.y + inner.height;
  return inside && index < entries.length ? index : null;
}

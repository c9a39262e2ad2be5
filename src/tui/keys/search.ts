/**
 * Searching in menus and in the help.
 *
 * @module
 */
import { type Context, type Help, isTyping, type Outcome, type Overlay, type Ui } from "../state/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";
import { editedText, limitedText, promptText } from "./prompt.ts";

/** Maximum length of a search, characters: longer than every name and summary. */
const MAX_SEARCH = 100;

/** What a search does not start with: blanks, and the key that starts searches elsewhere. */
const SEARCH_START = /^[\s/]+/;

/** What can be searched. */
type Searchable = Extract<Overlay, { readonly search?: string }>;

function searchable({ overlay }: Ui): Searchable | null {
  return overlay !== null && ["sort", "group", "columns", "tools", "help"].includes(overlay.kind)
    ? overlay as Searchable
    : null;
}

/** The state with another search; the first entry is selected. */
function withSearch(ui: Ui, overlay: Searchable, text: string): Outcome {
  const search = limitedText(text.replace(SEARCH_START, ""), MAX_SEARCH);
  const place = overlay.kind === "help" ? { top: 0 } : { selected: 0 };
  return { ui: { ...ui, overlay: { ...overlay, ...place, search } as Searchable } };
}

/** Starts a search in the open menu or in the help. */
export function startSearch({ ui }: Context): Outcome {
  const overlay = searchable(ui);
  if (overlay === null) return { ui };
  const opened = overlay.kind === "help" ? { ...overlay, typingOver: overlay.search ?? "" } : overlay;
  return withSearch(ui, opened, overlay.search ?? "");
}

/** Adds pasted text to the search; null if none is typed. */
export function insertSearch({ ui }: Context, text: string): Outcome | null {
  const overlay = searchable(ui);
  if (overlay === null || !isTyping(overlay)) return null;
  return withSearch(ui, overlay, (overlay.search ?? "") + promptText(text));
}

/** Keys that a menu keeps: digits of the menu of tools while its search is empty, Space of the menu of columns. */
function isKept({ kind, search }: Searchable, { text }: KeyEvent): boolean {
  if (kind === "tools") return (search ?? "") === "" && (text === undefined || /[1-9]/.test(text));
  return kind === "columns" && text === " ";
}

/** Edits the search; null if none is typed, or the key does not edit text. */
export function editSearch({ ui }: Context, event: KeyEvent): Outcome | null {
  const overlay = searchable(ui);
  if (overlay === null || !isTyping(overlay) || isKept(overlay, event)) return null;
  const edited = editedText(overlay.search ?? "", event);
  return edited === null ? null : withSearch(ui, overlay, edited);
}

/** Ends the search of a menu or of the help; null if there is none. While one is typed in the help, the search before is used again. */
export function withoutSearch(overlay: Overlay): Overlay | null {
  if (overlay.kind === "tools" || !("search" in overlay) || overlay.search === undefined) return null;
  const { search: _, ...others } = overlay;
  if (others.kind !== "help") return { ...others, selected: 0 };
  const { typingOver: before = "", ...help } = others;
  return { ...help, ...(before === "" ? {} : { search: before }), top: 0 };
}

/** Keeps the entries that the search in the help finds, and ends typing. */
export function keepSearch({ ui }: Context): Outcome {
  const { overlay } = ui;
  if (overlay?.kind !== "help") return { ui };
  const { typingOver: _, ...kept } = overlay;
  return { ui: { ...ui, overlay: kept.search === "" ? withoutSearch(kept) ?? kept : kept } };
}

/** Shows the other page of the help. */
export function turnPage({ ui }: Context): Outcome {
  const { overlay } = ui;
  if (overlay?.kind !== "help") return { ui };
  const { page, over }: Help = overlay;
  const kept = over === undefined ? {} : { over };
  return {
    ui: { ...ui, overlay: { kind: "help", top: 0, ...kept, ...(page ? {} : { page: "questions" }) } },
  };
}

/**
 * The search that is typed in a menu or in the help.
 *
 * @module
 */
import type { Column, Model, Offer } from "../../model/mod.ts";
import type { Overlay, Ui } from "./ui.ts";

/** The words of a search. */
const wordsOf = (search: string): string[] => search.toLowerCase().split(" ").filter((word) => word !== "");

/** Returns whether a text has every word of a search, ignoring case; an empty search finds everything. */
export function searchTest(search: string): (text: string) => boolean {
  const words = wordsOf(search);
  return (text) => words.length === 0 || words.every((word) => text.toLowerCase().includes(word));
}

/** The search that is typed in the open menu; null: none is. */
export function menuSearch({ overlay }: Ui): string | null {
  return overlay !== null && overlay.kind !== "help" && "search" in overlay ? overlay.search ?? null : null;
}

/** Whether characters are typed into what is open. */
export function isTyping(overlay: Overlay | null): boolean {
  switch (overlay?.kind) {
    case "filter":
    case "time":
    case "tools":
    case "flags":
      return true;
    case "sort":
    case "group":
    case "columns":
      return overlay.search !== undefined;
    case "help":
      return overlay.typingOver !== undefined;
    default:
      return false;
  }
}

/**
 * The offered tools whose name, summary or search words have every word of the search: those found by name first, then those whose
 * search words have its first word earlier.
 */
export function foundOffers({ offers = [] }: Model, search: string | null): readonly Offer[] {
  const has = searchTest(search ?? "");
  const byName = offers.filter(({ name }) => has(name));
  const [first = ""] = (search ?? "").trim().toLowerCase().split(/\s+/);
  const textOf = ({ summary, searchWords = "" }: Offer): string => `${searchWords} ${summary}`.toLowerCase();
  const others = offers.filter((offer) => !has(offer.name) && has(`${offer.name} ${textOf(offer)}`))
    .toSorted((a, b) => textOf(a).indexOf(first) - textOf(b).indexOf(first));
  return (search ?? "").trim() === "" ? offers : [...byName, ...others];
}

/** The columns that the search in the open menu finds, those found by title or key first; null is the tool's own order. */
export function foundColumns<T extends Column | null>(columns: readonly T[], ui: Ui): readonly T[] {
  const search = menuSearch(ui) ?? "";
  if (search.trim() === "") return columns;
  const has = searchTest(search);
  const named = (column: T): boolean => has(column === null ? OWN_ORDER : `${column.title} ${column.key}`);
  const described = (column: T): boolean =>
    column !== null && has(`${column.title} ${column.key} ${column.description}`);
  return [...columns.filter(named), ...columns.filter((column) => !named(column) && described(column))];
}

/** Name of the entry for a tool's own order. */
export const OWN_ORDER = "default";

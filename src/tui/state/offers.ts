/**
 * The entries of the menu of tools.
 *
 * @module
 */
import type { Model, Offer } from "../../model/mod.ts";
import type { Ui } from "./ui.ts";

/** The search that is typed in the menu of tools; null: it is not open. */
export function toolSearch({ overlay }: Ui): string | null {
  return overlay?.kind === "tools" ? overlay.search : null;
}

/** The offered tools whose name, summary or search words have every word of the search; those found by name first. */
export function foundOffers({ offers = [] }: Model, search: string | null): readonly Offer[] {
  const words = (search ?? "").toLowerCase().split(" ").filter((word) => word !== "");
  if (words.length === 0) return offers;
  const has = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const byName = offers.filter(({ name }) => has(name));
  const others = offers.filter(({ name, summary, searchWords = "" }) =>
    !has(name) && has(`${name} ${summary} ${searchWords}`)
  );
  return [...byName, ...others];
}

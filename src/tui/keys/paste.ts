/**
 * Pasted text: inserted into the prompt that is open, never run as keys.
 *
 * @module
 */
import { counted } from "../../text/mod.ts";
import type { Screen } from "../layout/mod.ts";
import type { Context, Outcome } from "../state/mod.ts";
import type { PasteEvent } from "../terminal/mod.ts";
import { bindingsFor } from "./bindings.ts";
import { insertFilter } from "./choose.ts";
import { insertSearch } from "./choose_panes.ts";

/** The state with pasted text inserted; null: no prompt is open. */
function insert(context: Context, text: string): Outcome | null {
  switch (context.ui.overlay?.kind) {
    case "filter":
      return insertFilter(context, text);
    case "tools":
      return insertSearch(context, text);
    default:
      return null;
  }
}

function ignored({ ui }: Context, { text, bracketed }: PasteEvent): Outcome {
  const characters = counted([...text].length, "character");
  const what = bracketed ? "Pasted text is ignored here" : `${characters} at once: ignored as pasted text`;
  return { ui: { ...ui, message: { text: `${what}; / opens the filter`, kind: "info" } } };
}

/**
 * Many characters in one read, from a terminal that does not mark pastes. Over a slow link they may have been typed after
 * all: the key of the filter, the filter, Enter.
 */
function handleBurst(context: Context, event: PasteEvent, screen: () => Screen): Outcome {
  const { text } = event;
  const [first = "", ...others] = text;
  const now = screen();
  const opens = context.ui.overlay === null
    ? bindingsFor(now).find(({ name, keys }) => name === "filter" && keys.includes(first))
    : undefined;
  const { ui } = opens?.run(now, first) ?? context;
  const typed = opens ? others.join("") : text;
  const line = typed.split("\n", 1)[0]!;
  const inserted = insert({ ...context, ui }, ui.overlay?.kind === "filter" ? line : typed);
  if (inserted === null) return ignored(context, event);
  const isEntered = ui.overlay?.kind === "filter" && line !== typed;
  return isEntered ? { ui: { ...inserted.ui, overlay: null } } : inserted;
}

/** The state after a paste. */
export function handlePaste(context: Context, event: PasteEvent, screen: () => Screen): Outcome {
  if (!event.bracketed) return handleBurst(context, event, screen);
  return insert(context, event.text) ?? ignored(context, event);
}

/**
 * Pasted text is inserted into the open prompt, never handled as keys.
 *
 * @module
 */
import { counted } from "../../text/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { type Context, isTyping, type Outcome } from "../state/mod.ts";
import type { PasteEvent } from "../terminal/mod.ts";
import { bindingsFor } from "./bindings.ts";
import { acceptFilter, insertFilter } from "./filter_prompt.ts";
import { insertFlag } from "./flags.ts";
import { insertSearch } from "./search.ts";
import { goToTypedTime, insertTime } from "./time_prompt.ts";

/** The state with pasted text inserted; null: no prompt is open. */
function insert(context: Context, text: string): Outcome | null {
  switch (context.ui.overlay?.kind) {
    case "filter":
      return insertFilter(context, text);
    case "flags":
      return insertFlag(context, text);
    case "time":
      return insertTime(context, text);
    default:
      return insertSearch(context, text);
  }
}

function ignored({ ui }: Context, { text, bracketed }: PasteEvent): Outcome {
  const characters = counted([...text].length, "character");
  const what = bracketed ? "Pasted text is ignored here" : `${characters} at once: ignored as pasted text`;
  return { ui: { ...ui, message: { text: `${what}; / opens the filter`, kind: "info" } } };
}

/** Names of the bindings that open a prompt. */
const PROMPTS: readonly string[] = ["filter", "go-to-time", "search"];

/**
 * Handles many characters in one read from a terminal that does not mark pastes. Over a slow link the user may have typed
 * them: the key that opens a prompt, its text, Enter.
 */
function handleBurst(context: Context, event: PasteEvent, screen: () => Screen): Outcome {
  const { text } = event;
  const [first = "", ...others] = text;
  const now = screen();
  const opens = !isTyping(context.ui.overlay)
    ? bindingsFor(now).find(({ name, keys }) => PROMPTS.includes(name) && keys.includes(first))
    : undefined;
  const { ui } = opens?.run(now, first) ?? context;
  const typed = opens ? others.join("") : text;
  const line = typed.split("\n", 1)[0]!;
  const kind = ui.overlay?.kind;
  const endsAtEnter = kind === "filter" || kind === "time";
  const inserted = insert({ ...context, ui }, endsAtEnter ? line : typed);
  if (inserted === null) return ignored(context, event);
  if (!endsAtEnter || line === typed) return inserted;
  const entered = { ...context, ui: inserted.ui };
  return kind === "time" ? goToTypedTime(entered) : acceptFilter(entered);
}

/** The state after a paste. */
export function handlePaste(context: Context, event: PasteEvent, screen: () => Screen): Outcome {
  if (!event.bracketed) return handleBurst(context, event, screen);
  return insert(context, event.text) ?? ignored(context, event);
}

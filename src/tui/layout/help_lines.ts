/**
 * The text of the help: the keys that work, the columns of the focused pane, and what its numbers leave out.
 *
 * @module
 */
import { FILTER_HELP, NAME_FILTER_HELP } from "../state/mod.ts";
import { isList, textColumns, type ToolModel } from "../../model/mod.ts";
import { displayWidth, wrap } from "../../text/mod.ts";

/** What help and footer show of a key that works. */
export interface KeyHint {
  /** Name of its binding. */
  readonly name: string;
  /** The keys. */
  readonly shown: string;
  /** What they do: a sentence. */
  readonly help: string;
  /** The key and one word for the footer, and a shorter word; absent: shown only in the help. */
  readonly footer?: { readonly key: string; readonly label: string; readonly short: string };
}

/** A line of the help: a name at the left, if any, and text beside it. */
export interface HelpLine {
  readonly kind: "heading" | "entry" | "text";
  readonly name: string;
  readonly text: string;
}

/** Cells of the names. On screens narrower than {@linkcode BESIDE_WIDTH} meanings are below the names. */
export const HELP_NAME_WIDTH = 16;
const BESIDE_WIDTH = 44;

const heading = (name: string): HelpLine[] => [
  { kind: "text", name: "", text: "" },
  { kind: "heading", name, text: "" },
];

const paragraph = (text: string, width: number): HelpLine[] =>
  wrap(text, width).map((line) => ({ kind: "text", name: "", text: line }));

/** A name and its meaning beside it; below it if the screen is narrow or the name long. */
function entry(name: string, meaning: string, width: number): HelpLine[] {
  if (width >= BESIDE_WIDTH) {
    const first: HelpLine[] = displayWidth(name) < HELP_NAME_WIDTH ? [] : [{ kind: "entry", name, text: "" }];
    const lines = wrap(meaning, width - HELP_NAME_WIDTH);
    const beside = lines.map((text, i): HelpLine => ({
      kind: "entry",
      name: i === 0 && first.length === 0 ? name : "",
      text,
    }));
    return [...first, ...beside];
  }
  const below = wrap(meaning, width - 2).map((text): HelpLine => ({
    kind: "text",
    name: "",
    text: `  ${text}`,
  }));
  return [{ kind: "entry", name, text: "" }, ...below];
}

function toolLines({ tool, state }: ToolModel, width: number): HelpLine[] {
  const out = [...heading(tool.name), ...paragraph(tool.summary, width), ...heading("Columns")];
  for (const { title, description } of textColumns(tool, true)) out.push(...entry(title, description, width));
  out.push(...heading("Filters"));
  for (const [form, meaning] of isList(tool) ? FILTER_HELP : NAME_FILTER_HELP) {
    out.push(...entry(form, meaning, width));
  }
  if (state.kind !== "running") return out;
  const tiers = state.tier.split("+");
  for (const [tier, caveat] of Object.entries(tool.caveats)) {
    if (tiers.includes(tier) && caveat) out.push(...heading(`Tier ${tier}`), ...paragraph(caveat, width));
  }
  if (state.missing.length > 0) out.push(...heading("Missing"));
  for (const missing of state.missing) out.push(...paragraph(missing, width));
  return out;
}

/** The lines of the help, broken for a width. */
export function helpLines(
  hints: readonly KeyHint[],
  tool: ToolModel | undefined,
  width: number,
): HelpLine[] {
  const out: HelpLine[] = [{ kind: "heading", name: "Keys", text: "" }];
  for (const { shown, help } of hints) out.push(...entry(shown, help, width));
  return tool ? [...out, ...toolLines(tool, width)] : out;
}

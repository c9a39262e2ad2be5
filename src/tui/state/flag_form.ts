/**
 * The form of a tool's flags: converts flags to typed values and back.
 *
 * @module
 */
import type { Flag, FlagValue, ToolInfo, ToolModel } from "../../model/mod.ts";
import type { FlagForm } from "./ui.ts";

/** The flags in the form: those that change what a pane shows, a threshold first. */
export function formFlags({ flags, positional }: ToolInfo): readonly Flag[] {
  const all = positional ? [positional, ...flags] : flags;
  return all.filter(({ sameAs, printOnly }) => sameAs === undefined && !printOnly);
}

/** The form of a tool as it runs. */
export function openForm({ tool, flags = {} }: ToolModel): FlagForm {
  const values = formFlags(tool).map(({ name, kind, default: usual }) => {
    const value = flags[name] ?? usual;
    return [name, kind === "switch" ? value === true : value === undefined ? "" : String(value)] as const;
  });
  return { kind: "flags", selected: 0, values: Object.fromEntries(values) };
}

/** The flags that a form sets, or its first invalid value. */
export type FormResult =
  | { readonly flags: Readonly<Record<string, FlagValue>> }
  | { readonly problem: string; readonly flag: Flag };

/** Parses the typed value of a flag. Throws RangeError with the reason if it is invalid. */
function parseValue({ name, kind, min = 0, max = Number.MAX_SAFE_INTEGER }: Flag, text: string): FlagValue {
  if (kind !== "integer") return text;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw new RangeError(`${name} takes a whole number ${range}`);
}

/** The flags that a form sets. An empty value sets the default; flags that are not in the form are unchanged. */
export function formResult({ tool, flags = {} }: ToolModel, { values }: FlagForm): FormResult {
  const out: Record<string, FlagValue> = { ...flags };
  for (const flag of formFlags(tool)) {
    const { name, default: usual } = flag;
    const value = values[name] ?? "";
    delete out[name];
    try {
      if (value === true) out[name] = true;
      else if (typeof value === "string" && value !== "") out[name] = parseValue(flag, value);
      else if (usual !== undefined) out[name] = usual;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { problem: error.message, flag };
    }
  }
  return { flags: out };
}

/** The value of a switch or a choice after one step; other flags are unchanged. */
export function steppedValue(
  { kind, choices = [] }: Flag,
  value: boolean | string,
  step: 1 | -1,
): boolean | string {
  if (kind === "switch") return value !== true;
  if (kind !== "choice") return value;
  const at = choices.indexOf(String(value));
  return choices[(at + step + choices.length) % choices.length] ?? value;
}

/** Whether the value of a flag is typed. */
export const isTyped = ({ kind }: Flag): boolean => kind !== "switch" && kind !== "choice";

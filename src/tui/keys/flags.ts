/**
 * The form of the focused tool's flags: opening, changing, applying.
 *
 * @module
 */
import type { Flag, ToolModel } from "../../model/mod.ts";
import {
  type Context,
  type FlagForm,
  formFlags,
  formResult,
  isTyped,
  type Message,
  openForm,
  type Outcome,
  resumed,
  steppedValue,
  type Ui,
} from "../state/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";
import { editedText, limitedText, promptText } from "./prompt.ts";

/** Longest value, characters: a path. */
const MAX_VALUE = 4096;

const withMessage = (ui: Ui, text: string, kind: Message["kind"] = "info"): Outcome => ({
  ui: { ...ui, message: { text, kind } },
});

/** The focused tool as it runs now, also while the screen is paused. */
const focusedTool = ({ ui, model }: Context): ToolModel | undefined => model.tools[ui.focus];

/** Opens the form, or reports why the tool has none. */
export function openFlags(context: Context): Outcome {
  const { ui, capabilities } = context;
  const tool = focusedTool(context);
  if (!tool) return { ui };
  if (formFlags(tool.tool).length === 0) return withMessage(ui, `${tool.tool.name} has no flags to set here`);
  if (!capabilities.has("setFlags")) return withMessage(ui, "The flags of a recording cannot be changed");
  return { ui: { ...ui, overlay: openForm(tool) } };
}

/** The open form and its selected flag; null if no form is open. */
function selectedFlag(context: Context): { form: FlagForm; flag: Flag } | null {
  const { overlay: form } = context.ui;
  const tool = focusedTool(context);
  if (form?.kind !== "flags" || !tool) return null;
  const flag = formFlags(tool.tool)[form.selected];
  return flag === undefined ? null : { form, flag };
}

function withValue(ui: Ui, form: FlagForm, name: string, value: boolean | string): Outcome {
  return { ui: { ...ui, overlay: { ...form, values: { ...form.values, [name]: value } } } };
}

/** Whether the selected flag is a switch or a choice. */
export function canStep(context: Context): boolean {
  const open = selectedFlag(context);
  return open !== null && !isTyped(open.flag);
}

/** Toggles the selected switch, or selects the next or previous choice. */
export function stepFlag(context: Context, step: 1 | -1): Outcome {
  const open = selectedFlag(context);
  if (!open) return { ui: context.ui };
  const { form, flag } = open;
  return withValue(context.ui, form, flag.name, steppedValue(flag, form.values[flag.name] ?? "", step));
}

/** Edits the value of the selected flag; null if that flag is not typed, or the key does not edit text. */
export function editFlag(context: Context, event: KeyEvent): Outcome | null {
  const open = selectedFlag(context);
  if (!open || !isTyped(open.flag)) return null;
  const { form, flag } = open;
  const edited = editedText(String(form.values[flag.name] ?? ""), event);
  return edited === null ? null : withValue(context.ui, form, flag.name, limitedText(edited, MAX_VALUE));
}

/** Appends pasted text to the value of the selected flag; null if that flag is not typed. */
export function insertFlag(context: Context, text: string): Outcome | null {
  const open = selectedFlag(context);
  if (!open || !isTyped(open.flag)) return null;
  const { form, flag } = open;
  const value = String(form.values[flag.name] ?? "") + promptText(text);
  return withValue(context.ui, form, flag.name, limitedText(value, MAX_VALUE));
}

/** Closes the form, requests its flags and ends a pause. If a value is invalid, selects its flag and reports the problem instead. */
export function applyFlags(context: Context): Outcome {
  const { ui } = context;
  const { overlay: form } = ui;
  const tool = focusedTool(context);
  if (form?.kind !== "flags" || !tool) return { ui };
  const result = formResult(tool, form);
  if ("problem" in result) {
    const selected = formFlags(tool.tool).indexOf(result.flag);
    return withMessage({ ...ui, overlay: { ...form, selected } }, result.problem, "error");
  }
  const closed = { ...ui, overlay: null };
  const { flags } = result;
  const before = tool.flags ?? {};
  const names = new Set([...Object.keys(flags), ...Object.keys(before)]);
  const isSame = [...names].every((name) => (flags[name] ?? false) === (before[name] ?? false));
  if (isSame) return { ui: closed };
  const { name } = tool.tool;
  return {
    ui: { ...resumed(closed), sentForm: { tool: name, form } },
    command: { kind: "setFlags", tool: name, flags },
  };
}

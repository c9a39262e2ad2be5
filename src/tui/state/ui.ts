/**
 * The state of the screen: what the user chose.
 *
 * @module
 */
import type { Size } from "../canvas/mod.ts";
import { screenTool } from "./chosen_columns.ts";
import type { Capabilities, Command } from "./command.ts";
import { countedPid, narrowToGroups, narrowTools, scopedTools } from "../../monitor/mod.ts";
import {
  type Column,
  type Groups,
  isList,
  type Model,
  type Notice,
  type PaneSet,
  type Row,
  type RowGroup,
  textColumns,
  type TickHistory,
  type ToolModel,
} from "../../model/mod.ts";

/** The groups of one interval. */
export interface GroupedTick {
  /** Wall clock at its end, milliseconds. */
  readonly time: number;
  readonly intervalS: number;
  readonly groups: Groups;
  /** Rows that no group counts. */
  readonly missing: number;
  /** It was made from the history, which has dropped some of its rows. */
  readonly partial: boolean;
}

/** The groups of past intervals, oldest first, and what they were made with. */
export interface GroupHistory {
  readonly tool: string;
  /** What the rows were narrowed to: narrowingKey(). */
  readonly only: string;
  readonly by: string;
  readonly filter: string;
  readonly ticks: readonly GroupedTick[];
}

/** The row that a selection follows, as it was in the last tick, and the choices with which it was selected. */
export interface FollowedRow extends Pick<PaneUi, "sort" | "reverse" | "filter" | "by"> {
  readonly row: Row;
  /** Key of the group, if it is the line of one. */
  readonly group: string | null;
  readonly index: number;
}

/** What is chosen in one pane. */
export interface PaneUi {
  /** Key of the column rows are sorted by; null: the tool's own choice. */
  readonly sort: string | null;
  /** The order is reversed. By default numbers are sorted largest first, text from A. */
  readonly reverse: boolean;
  /** The filter, as parseFilter() takes it; empty: all rows. */
  readonly filter: string;
  /** Filters that were kept before, newest first. */
  readonly recentFilters: readonly string[];
  /** Index of the selected row. */
  readonly selected: number;
  /** The selected row, which the selection follows; null: none has been selected, or the first place is. */
  readonly followed: FollowedRow | null;
  /** Index of the first row shown. */
  readonly top: number;
  /** Cells by which long text is scrolled to the left. */
  readonly shift: number;
  /** Columns scrolled off at the left. */
  readonly skip: number;
  /** Columns that the user switched on or off, by key; the tool decides about the others. */
  readonly columns: Readonly<Record<string, boolean>>;
  /** Identities of the rows in the order that was frozen; null: sorted again at each tick. */
  readonly frozen: readonly string[] | null;
  /** Key of the column that rows are grouped by; null if they are not grouped. */
  readonly by: string | null;
  /** Keys of the open groups: `GroupLine.group`. */
  readonly opened: readonly string[];
  /** Groups of the events of past intervals; null: none yet. */
  readonly groups: GroupHistory | null;
  /** Which of the tool's views it shows when zoomed (views.ts); 0: the first. */
  readonly view: number;
  readonly flame: FlameUi;
}

/** What is chosen in a flame graph: paths of frame ids from the outermost frame inwards; empty: all. */
export interface FlameUi {
  /** The frame that is as wide as the pane. */
  readonly zoom: readonly string[];
  readonly selected: readonly string[];
}

/** What a pane keeps of its choices while its tool is not shown. */
export type PaneChoices = Pick<
  PaneUi,
  "sort" | "reverse" | "filter" | "recentFilters" | "columns" | "by" | "view"
>;

/** What is open over the panes, or takes the keys. */
export type Overlay =
  | Help
  | ColumnMenu
  | { readonly kind: "tools"; readonly selected: number; readonly search: string }
  /** The menu of named sets of panes. */
  | { readonly kind: "sets"; readonly selected: number }
  | FlagForm
  | Details
  | FilterPrompt
  /** The typed time, and the problem of the one that was entered; null: none. */
  | { readonly kind: "time"; readonly text: string; readonly problem: string | null };

/** The filter of the focused pane while it is typed. */
export interface FilterPrompt {
  readonly kind: "filter";
  /** What is typed. The pane has the last valid filter; until something is typed, the one before. */
  readonly text: string;
  /** Why the typed filter is not applied; null if the pane has it. */
  readonly problem: string | null;
  /** Index of the recent filter that is shown unchanged; −1: nothing has been recalled or typed; null: the text is typed. */
  readonly recalled: number | null;
  /** The filter and the place in the rows when the prompt was opened. */
  readonly before: Pick<PaneUi, "filter" | "selected" | "followed" | "top">;
}

/** A menu of columns: to sort by, to show, to group by. */
export interface ColumnMenu {
  readonly kind: "sort" | "columns" | "group";
  readonly selected: number;
  /** What is typed to find a column; absent: letters are keys. */
  readonly search?: string;
}

/** The help. */
export interface Help {
  readonly kind: "help";
  readonly top: number;
  /** The page of questions; absent: the page of keys. */
  readonly page?: "questions";
  /** What was typed to find entries of both pages; absent: everything on the page is shown. */
  readonly search?: string;
  /** The search is being typed; the one before, empty for none. Absent: none is typed. */
  readonly typingOver?: string;
  /** What was open when the help was opened, of which it shows the keys, and to which it returns; absent: nothing. */
  readonly over?: Overlay;
}

/** The first `count` ticks of a history. */
export interface UnreadTicks {
  readonly ticks: TickHistory;
  readonly count: number;
  /** The values by which a row is found. */
  readonly values: Row;
}

/** The flags of the focused pane's tool while they are changed. */
export interface FlagForm {
  readonly kind: "flags";
  readonly selected: number;
  /** By name: whether a switch is on, or the value as text; empty for the default. */
  readonly values: Readonly<Record<string, boolean | string>>;
}

/** A form whose flags were sent to the monitor. */
export interface SentForm {
  readonly tool: string;
  readonly form: FlagForm;
}

/** The details of one row, which stay open while ticks go by. */
export interface Details {
  readonly kind: "details";
  /** Index of the first line shown. */
  readonly top: number;
  /** Identifies the row in the next tick. */
  readonly identity: string;
  /** The row in the last tick that had it. */
  readonly row: Row;
  /** Whether the last tick has the row. */
  readonly present: boolean;
  /** Tables: the row in each of the last ticks, null where it was not among the kept rows; bounded. */
  readonly samples: readonly (Row | null)[];
  /** The ticks before the samples that have not been searched for the row yet; null: none. */
  readonly unread: UnreadTicks | null;
  /** Time of the last sampled tick. */
  readonly sampledAt: number;
  /** Present: they are of a group, whose sums are in the row. */
  readonly group?: DetailsGroup;
}

/** The group of {@linkcode Details}. */
export interface DetailsGroup {
  /** As `GroupLine.group`. */
  readonly key: string;
  readonly by: Column;
  /** A row whose cgroup is that of the group; null: groups by this column have none, or no row is kept. */
  readonly member: Row | null;
  /** In how many cgroups the rows of the group are, as far as they are kept. */
  readonly cgroups: number;
}

/** An overlay that is a menu. */
export type MenuOverlay = Extract<Overlay, { selected: number }>;

/** The open overlay when it is a menu. */
export function openMenu(overlay: Overlay | null): MenuOverlay | null {
  return overlay !== null && "selected" in overlay ? overlay : null;
}

/** A line that is shown above the footer for a few seconds. */
export interface Message extends Notice {
  /** Present: in the second line of the header, if there is one. */
  readonly inHeader?: true;
}

/** Keys by name of binding; names of keys as in a KeyEvent. */
export type KeyMap = ReadonlyMap<string, readonly string[]>;

/** No configured keys: the defaults. */
export const DEFAULT_KEYS: KeyMap = new Map();

/** A group that the panes are narrowed to. */
export interface Scope extends RowGroup {
  /** The tool whose pane showed the groups; it shows them again when the panes are widened. */
  readonly tool: string;
}

/** Everything that the user chose. */
export interface Ui {
  /** Index of the focused pane. */
  readonly focus: number;
  /** The focused pane alone fills the screen. */
  readonly zoom: boolean;
  /** One per tool of the model. */
  readonly panes: readonly PaneUi[];
  /** What was chosen in panes whose tool is no longer shown, by name of tool. */
  readonly hidden: Readonly<Record<string, PaneChoices>>;
  readonly overlay: Overlay | null;
  /** The groups that the panes are narrowed to, from the outermost one. */
  readonly scopes: readonly Scope[];
  /** The model that is shown while paused: of that time or earlier; null: the newest is shown. */
  readonly paused: Model | null;
  /** Mouse reports are on; the terminal cannot select text then. */
  readonly mouse: boolean;
  /** What was just done, or why it failed; the app removes it after a while. */
  readonly message: Message | null;
  /** The newest notice of the monitor that became a message. */
  readonly notice: Notice | null;
  /** The form whose flags were sent last, which opens again if they are refused; null: none was sent, or the answer came. */
  readonly sentForm: SentForm | null;
  /** Keys that the configuration gave to bindings, by name. */
  readonly keys: KeyMap;
  /** The named sets of panes that can be chosen. */
  readonly paneSets: readonly PaneSet[];
  /** The tools that were shown of all hosts together before the panes of single hosts; null: none were. */
  readonly together: readonly string[] | null;
}

/** What a key handler returns: the next state, and a command to carry out. */
export interface Outcome {
  readonly ui: Ui;
  readonly command?: Command;
}

/** What a screen is arranged from. */
export interface Context {
  readonly ui: Ui;
  /** The newest model. */
  readonly model: Model;
  readonly size: Size;
  /** The commands that can be carried out. */
  readonly capabilities: Capabilities;
}

/** A pane with the defaults. */
export const INITIAL_PANE: PaneUi = {
  sort: null,
  reverse: false,
  filter: "",
  recentFilters: [],
  selected: 0,
  followed: null,
  top: 0,
  shift: 0,
  skip: 0,
  columns: {},
  frozen: null,
  by: null,
  opened: [],
  groups: null,
  view: 0,
  flame: { zoom: [], selected: [] },
};

/** The state at the start: first pane focused, nothing chosen. */
export function initialUi(paneCount: number): Ui {
  return {
    focus: 0,
    zoom: false,
    panes: Array.from({ length: paneCount }, () => INITIAL_PANE),
    hidden: {},
    overlay: null,
    scopes: [],
    paused: null,
    mouse: false,
    message: null,
    notice: null,
    sentForm: null,
    keys: DEFAULT_KEYS,
    paneSets: [],
    together: null,
  };
}

/**
 * The state with as many panes as the model on the screen has. A pane added at the end gets the focus; if the focused pane is
 * gone, the last one gets it.
 */
export function withPaneCount(ui: Ui, count: number): Ui {
  const had = ui.panes.length;
  if (count === had) return ui;
  const added = Array.from({ length: Math.max(0, count - had) }, () => INITIAL_PANE);
  const focus = count > had ? count - 1 : Math.max(0, Math.min(ui.focus, count - 1));
  return { ...ui, focus, panes: [...ui.panes.slice(0, count), ...added], overlay: null };
}

/** The model of the time on the screen, with the rows of all processes: the frozen one while paused. */
export const heldModel = (ui: Ui, model: Model): Model => ui.paused ?? model;

/**
 * The model on the screen. Rows that were counted before the panes were narrowed are narrowed here, also those outside the groups, and
 * graphs leave out what was counted of other processes. If the process had already ended, only the past is narrowed.
 */
export function shownModel(ui: Ui, model: Model): Model {
  const held = heldModel(ui, model);
  const { pivot, replay, hosts } = model;
  const counted = hosts ? null : countedPid(replay ? held.counted : held.pivot);
  const tools = scopedTools(held, counted);
  const isNarrowed = !pivot || replay || (pivot.state === "gone" && !ui.paused);
  const ofProcess = isNarrowed ? tools : narrowTools(tools, pivot.pid, counted);
  const ofGroups = narrowToGroups(ofProcess, ui.scopes, counted);
  return ofGroups === held.tools ? held : { ...held, tools: ofGroups };
}

/** The message of a command that ends a pause. */
export const RESUMED = "Resumed";

/** The state with the newest model shown; if it was paused, a message says so, with the reason. */
export function resumed(ui: Ui, reason?: string): Ui {
  if (ui.paused === null) return ui;
  const text = reason === undefined ? RESUMED : `${RESUMED}: ${reason}`;
  return { ...ui, paused: null, message: { text, kind: "info" } };
}

/** The state with a model held; a message that a pause has ended is removed. */
export function pausedAt(ui: Ui, paused: Model): Ui {
  return { ...ui, paused, message: ui.message?.text.startsWith(RESUMED) ? null : ui.message };
}

/** What is kept of a pane while its tool is not shown. */
export const paneChoices = (
  { sort, reverse, filter, recentFilters, columns, by, view }: PaneUi,
): PaneChoices => ({
  sort,
  reverse,
  filter,
  recentFilters,
  columns,
  by,
  view,
});

/** The pane of a tool that was not shown: with what was chosen when it was shown last. */
export const returningPane = ({ hidden }: Ui, tool: string): PaneUi => ({ ...INITIAL_PANE, ...hidden[tool] });

/** The state with the focused pane changed. */
export function withPane(ui: Ui, change: Partial<PaneUi>): Ui {
  return { ...ui, panes: ui.panes.map((pane, i) => i === ui.focus ? { ...pane, ...change } : pane) };
}

/** Columns the rows of a tool can be sorted by, in the order of the menu; none if there is nothing to sort. */
export function sortChoices({ tool }: ToolModel): readonly Column[] {
  return isList(tool) ? textColumns(screenTool(tool), true) : [];
}

/** A value kept between two bounds; the lower wins. */
export const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, high));

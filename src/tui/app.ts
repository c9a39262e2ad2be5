/**
 * Connects terminal, keys, state, view and monitor: events in, frames out.
 *
 * @module
 */
import { ExitCode, reasonOf } from "../errors.ts";
import type { Model, Replacement } from "../model/mod.ts";
import { callAfter } from "../monitor/mod.ts";
import { loadPatterns } from "../text/mod.ts";
import { type Grid, gridHtml, gridSvg } from "./canvas/mod.ts";
import { arrangeScreen, handleEvent } from "./keys/mod.ts";
import type { Screen } from "./layout/mod.ts";
import {
  type Capabilities,
  type Command,
  type Context,
  followModel,
  type Message,
  needsPatterns,
  type PaneSelection,
  pausedAt,
  replacementText,
  rowSelections,
  SCREEN_COMMANDS,
  shownModel,
  type Ui,
  withOlderSamples,
  withPaneCount,
} from "./state/mod.ts";
import { type InputEvent, InputReader, Terminal, terminalCapabilities, terminalOf } from "./terminal/mod.ts";
import { view } from "./view/mod.ts";
import { ThemeState } from "./theme_state.ts";
import type { AppOptions, Keyboard, MonitorHandle, ScreenSystem } from "./monitor_handle.ts";
import { type Frame, Painter } from "./painter.ts";
import { warmUp } from "./warm_up.ts";
import { type ScreenFiles, screenText, startUi } from "./setup.ts";

/** How long quitting waits for the frame in flight; after that the link counts as stalled. Milliseconds. */
const STALL_MS = 120;

/** How long a message stays in the footer, milliseconds. */
const MESSAGE_MS = 5000;

class App {
  readonly #monitor: MonitorHandle;
  readonly #keyboard: Keyboard;
  readonly #terminal: Terminal;
  readonly #painter: Painter;
  readonly #themes: ThemeState;
  readonly #files: ScreenFiles;
  readonly #ascii: boolean;
  readonly #capabilities: Capabilities;
  readonly #onSize: AppOptions["onSize"];
  readonly #onInterrupt: AppOptions["onInterrupt"];
  readonly #onSuspend: AppOptions["onSuspend"];
  /** The replaced panes that a message has named. */
  #namedReplacements: readonly Replacement[] = [];
  #ui: Ui;
  /** The screen that was arranged last. */
  #screen: Screen | undefined;
  /** The selections that the monitor applies. */
  #selected: readonly PaneSelection[] = [];
  #readingPast = false;
  #suspended = false;
  #ending = false;
  /** The followed command has ended, and the screen was paused. */
  #commandEnded = false;
  readonly #end = Promise.withResolvers<ExitCode>();

  constructor(monitor: MonitorHandle, options: AppOptions) {
    this.#monitor = monitor;
    this.#keyboard = options.keyboard ?? Deno.stdin;
    this.#terminal = new Terminal(terminalOf(this.#keyboard, options.system));
    this.#painter = new Painter(options.system, (spare) => this.#frame(spare));
    const { depth, ascii } = terminalCapabilities(options.env, options);
    this.#themes = new ThemeState(depth, options.setup ?? { theme: "dark", overrides: {} });
    this.#files = options.files ?? {};
    this.#ascii = ascii;
    this.#onSize = options.onSize;
    this.#onInterrupt = options.onInterrupt;
    this.#onSuspend = options.onSuspend;
    this.#capabilities = new Set([
      ...SCREEN_COMMANDS,
      ...monitor.capabilities,
      ...(this.#files.writeScreen ? ["writeScreen"] as const : []),
      ...(this.#files.writeConfiguration ? ["writeConfiguration"] as const : []),
    ]);
    this.#ui = startUi(monitor.model().tools.length, options.setup);
  }

  async run({ system, onReady, endAfterMs }: AppOptions): Promise<ExitCode> {
    this.#listen(system);
    try {
      this.#terminal.enter();
      if (this.#ui.mouse) this.#terminal.setMouse(true);
      await this.#draw();
      this.#loadPatterns();
      this.#monitor.onChange(() => this.#follow());
      new InputReader((events) => this.#handle(events)).run(this.#keyboard).then(() => this.#finish());
      this.#ready(onReady);
      this.#warmUp();
      if (endAfterMs !== undefined) callAfter(endAfterMs, () => this.#finish());
      return await this.#end.promise;
    } finally {
      this.#terminal.restore();
    }
  }

  /** Ends the screen with the error of `onReady`, if it fails. */
  async #ready(onReady: AppOptions["onReady"]): Promise<void> {
    try {
      await onReady?.();
    } catch (error) {
      await this.#finish({ error });
    }
  }

  async #warmUp(): Promise<void> {
    const steps = warmUp(() => this.#context(), { ascii: this.#ascii, palette: this.#themes.palette });
    while (!this.#ending && !steps.next().done) await new Promise((resolve) => setTimeout(resolve));
  }

  /** Searches the history for the row whose details are open, in slices between keys and frames. */
  async #readPast(): Promise<void> {
    if (this.#readingPast) return;
    this.#readingPast = true;
    let read = false;
    while (!this.#ending) {
      const { overlay } = this.#ui;
      if (overlay?.kind !== "details" || overlay.unread === null) break;
      await new Promise((resolve) => setTimeout(resolve));
      const { overlay: now } = this.#ui;
      if (now?.kind === "details") this.#ui = { ...this.#ui, overlay: withOlderSamples(now) };
      read = true;
    }
    this.#readingPast = false;
    if (read) this.#draw();
  }

  #listen(system: ScreenSystem): void {
    system.onEndSignal(() => this.#finish());
    Deno.addSignalListener("SIGWINCH", () => this.#redraw());
    Deno.addSignalListener("SIGTSTP", () => this.#suspend());
    Deno.addSignalListener("SIGCONT", () => this.#resume());
    // Deno prints the error and exits after the listener returns: the terminal must be restored by then.
    const restore = (): void => {
      this.#ending = true;
      this.#terminal.restore();
      this.#monitor.close();
    };
    globalThis.addEventListener("error", restore);
    globalThis.addEventListener("unhandledrejection", restore);
  }

  #context(): Context {
    const model = this.#monitor.model();
    this.#ui = withPaneCount(this.#ui, shownModel(this.#ui, model).tools.length);
    const size = this.#terminal.size();
    this.#onSize?.(size);
    return { ui: this.#ui, model, size, capabilities: this.#capabilities };
  }

  /** Arranges the screen, unless the last one is still valid, and keeps the selections at their rows. */
  #arranged(context: Context): Screen {
    this.#screen = arrangeScreen(context, this.#screen);
    this.#ui = this.#screen.ui;
    return this.#screen;
  }

  /** The current frame; null while the terminal belongs to the shell. */
  #frame(spare: Grid | null): Frame | null {
    if (this.#suspended || this.#ending) return null;
    const grid = view(this.#arranged(this.#context()), this.#ascii, spare);
    return { grid, palette: this.#themes.palette };
  }

  async #draw(): Promise<void> {
    if (!await this.#painter.paint()) await this.#finish();
  }

  /** Applies the filters and groups of the panes to rows before the monitor drops any. */
  #selectRows(): void {
    const selections = rowSelections(this.#ui, this.#monitor.model(), this.#selected);
    if (selections === this.#selected) return;
    this.#selected = selections;
    this.#perform({ kind: "selectRows", selections });
  }

  #follow(): void {
    const model = this.#monitor.model();
    this.#setUi(followModel(this.#ui, model));
    this.#pauseAtEnd(model);
    const { replacements = this.#namedReplacements } = model;
    if (replacements !== this.#namedReplacements) {
      this.#namedReplacements = replacements;
      const text = replacementText(replacements);
      if (text !== null) this.#setUi({ ...this.#ui, message: { text, kind: "info", inHeader: true } });
    }
    this.#selectRows();
    this.#draw();
  }

  /** Pauses when the followed command has ended: what follows has no rows. */
  #pauseAtEnd(model: Model): void {
    if (this.#commandEnded || model.commandExit === undefined || model.replay) return;
    this.#commandEnded = true;
    if (this.#ui.paused !== null) return;
    const text = "The command has ended: [ and ] go through its intervals, Space resumes";
    this.#setUi({ ...pausedAt(this.#ui, model), message: { text, kind: "info" } });
  }

  #redraw(): void {
    this.#painter.invalidate();
    this.#draw();
  }

  #handle(events: readonly InputEvent[]): void {
    for (const event of events) {
      const context = this.#context();
      const { ui, command } = handleEvent(context, event, () => this.#arranged(context));
      this.#setUi(ui);
      if (command?.kind === "quit" && event.kind === "key" && event.key === "Ctrl-C") this.#onInterrupt?.();
      if (command) this.#perform(command);
    }
    this.#selectRows();
    this.#readPast();
    this.#loadPatterns();
    this.#draw();
  }

  /** Loads the pattern library for the first pattern, because most sessions use none; then filters the rows again. */
  async #loadPatterns(): Promise<void> {
    if (!this.#ui.panes.some(({ filter }) => needsPatterns(filter))) return;
    await loadPatterns();
    this.#selectRows();
    this.#draw();
  }

  /** Sets a new state. A message in it disappears after a while. */
  #setUi(ui: Ui): void {
    const { message } = ui;
    if (message !== null && message !== this.#ui.message) {
      const timer = setTimeout(() => {
        if (this.#ui.message !== message) return;
        this.#ui = { ...this.#ui, message: null };
        this.#draw();
      }, MESSAGE_MS);
      Deno.unrefTimer(timer);
    }
    this.#ui = ui;
  }

  #showMessage(text: string, kind: Message["kind"] = "info"): void {
    this.#setUi({ ...this.#ui, message: { text, kind } });
    this.#draw();
  }

  #nextTheme(): void {
    if (!this.#themes.next()) {
      return this.#showMessage(
        "This terminal shows no colours (NO_COLOR, --no-color or TERM): the theme stays mono",
        "error",
      );
    }
    this.#painter.invalidate();
    this.#showMessage(`Theme ${this.#themes.theme}`);
  }

  /** Shows the line that a writer of files returns, or why it failed. */
  async #showResult(written: Promise<string> | undefined): Promise<void> {
    try {
      if (written) this.#showMessage(await written);
    } catch (error) {
      this.#showMessage(
        `Not written: ${reasonOf(error)}`,
        "error",
      );
    }
  }

  #writeScreen(): void {
    const ui = { ...this.#ui, message: null };
    const context = { ...this.#context(), ui };
    const grid = view(arrangeScreen(context, this.#screen), this.#ascii);
    this.#showResult(
      this.#files.writeScreen?.({
        text: screenText(grid),
        svg: gridSvg(grid, this.#themes.pictureColors),
        html: gridHtml(grid, this.#themes.pictureColors),
        model: shownModel(ui, context.model),
      }),
    );
  }

  #writeConfiguration(): void {
    const { ui, model } = this.#context();
    this.#showResult(this.#files.writeConfiguration?.({ ui, model, theme: this.#themes.theme }));
  }

  #perform(command: Command): void {
    if (!this.#capabilities.has(command.kind)) return;
    switch (command.kind) {
      case "quit":
        this.#finish();
        break;
      case "suspend":
        this.#suspend();
        break;
      case "redraw":
        this.#redraw();
        break;
      case "nextTheme":
        this.#nextTheme();
        break;
      case "writeScreen":
        this.#writeScreen();
        break;
      case "writeConfiguration":
        this.#writeConfiguration();
        break;
      case "setMouse":
        this.#setMouse(command.on);
        break;
      default:
        this.#monitor.perform(command);
    }
  }

  /** Sends the mouse sequence between two frames, so that neither is cut in two; on a stalled link, not at all. */
  async #setMouse(on: boolean): Promise<void> {
    if (await this.#painter.settled(STALL_MS) && !this.#suspended && !this.#ending) {
      this.#terminal.setMouse(on);
    }
  }

  /** Restores the terminal, then closes the monitor. On a stalled link Deno.exit restores the terminal. */
  async #finish(failure?: { readonly error: unknown }): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    if (await this.#painter.settled(STALL_MS)) this.#terminal.restore();
    else this.#terminal.abandon();
    this.#monitor.close();
    if (failure) this.#end.reject(failure.error);
    else this.#end.resolve(ExitCode.done);
  }

  async #suspend(): Promise<void> {
    if (this.#suspended || this.#ending) return;
    this.#suspended = true;
    if (!await this.#painter.settled(STALL_MS)) {
      this.#suspended = false;
      return;
    }
    this.#terminal.restore();
    this.#onSuspend?.(true);
    Deno.kill(Deno.pid, "SIGSTOP");
  }

  /** After SIGCONT. The shell may have changed the terminal since. */
  #resume(): void {
    if (this.#ending) return;
    this.#suspended = false;
    this.#onSuspend?.(false);
    this.#terminal.abandon();
    this.#terminal.enter();
    this.#redraw();
  }
}

/**
 * Runs the screen until a key, a signal or the loss of the terminal ends it. The terminal is restored before the monitor
 * is closed. A read of the keyboard stays pending, so the caller must end the program with Deno.exit.
 *
 * @returns The exit code. Rejects with Deno's error if standard input is not a terminal, and with the error of `onReady`.
 */
export function runApp(monitor: MonitorHandle, options: AppOptions): Promise<ExitCode> {
  return new App(monitor, options).run(options);
}

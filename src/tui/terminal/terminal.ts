/**
 * Sets and restores the terminal's modes; no other code changes them.
 *
 * @module
 */
import type { Size } from "../canvas/mod.ts";

/**
 * Alternate screen (1049), cursor hidden (25), no automatic wrap (7), normal cursor keys (1, keypad), bracketed paste
 * (2004); see xterm's ctlseqs.
 */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1l\x1b>\x1b[?2004h\x1b[m\x1b[2J\x1b[H";

/**
 * Ends a synchronized update that was cut off, then: plain style, no bracketed paste, wrap, cursor, last line, main screen. A terminal without
 * an alternate screen (the linux console, GNU screen by default, a VT220) keeps the shell below what was shown; elsewhere
 * 1049 restores the cursor's position.
 */
const LEAVE = "\x1b[?2026l\x1b[m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[999H\r\n\x1b[?1049l";

/** Reports of buttons and the wheel (1000) as SGR (1006). */
const MOUSE_ON = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF = "\x1b[?1006l\x1b[?1000l";

/** Size if a terminal reports 0×0 (a serial line, a pty without a size) or nothing. */
const DEFAULT_SIZE: Size = { width: 80, height: 24 };

/** Cells beyond these stay blank: the other end of a connection may report any size, and each cell takes memory and time. */
const MAX_SIZE: Size = { width: 1000, height: 500 };

/** Tries when the terminal takes nothing. */
const MAX_TRIES = 10;

/** The terminal at standard output, as the process reaches it. */
export interface TerminalOutput {
  /** Writes some of the bytes and waits a few milliseconds for room. Returns how many were taken, throws if it is gone. */
  writeSync(bytes: Uint8Array): number;
  /**
   * If a signal kills the process, these sequences are sent and the modes of the first call are restored; "": from now on
   * nothing is.
   */
  guard(leave: string): void;
}

/** System calls of {@linkcode Terminal}: {@linkcode terminalOf}, or a fake in tests. */
export interface TerminalSystem extends TerminalOutput {
  setRaw(raw: boolean): void;
  consoleSize(): { columns: number; rows: number };
}

/** The terminal whose modes are changed through this input. */
export function terminalOf(keyboard: Pick<Deno.FsFile, "setRaw">, output: TerminalOutput): TerminalSystem {
  return {
    setRaw: (raw) => keyboard.setRaw(raw),
    writeSync: (bytes) => output.writeSync(bytes),
    guard: (leave) => output.guard(leave),
    consoleSize: () => Deno.consoleSize(),
  };
}

/** Cells across and down, now; at most {@linkcode MAX_SIZE}. */
export function terminalSize({ consoleSize }: Pick<TerminalSystem, "consoleSize"> = Deno): Size {
  try {
    const { columns, rows } = consoleSize();
    if (columns === 0 || rows === 0) return DEFAULT_SIZE;
    return { width: Math.min(columns, MAX_SIZE.width), height: Math.min(rows, MAX_SIZE.height) };
  } catch {
    return DEFAULT_SIZE;
  }
}

/** Enters and restores the terminal. Every method is synchronous and may be called twice. */
export class Terminal {
  readonly #system: TerminalSystem;
  #entered = false;
  #mouse = false;

  constructor(terminalSystem: TerminalSystem) {
    this.#system = terminalSystem;
  }

  /** Raw mode, alternate screen, no cursor. Throws Deno's error if standard input is not a terminal. */
  enter(): void {
    if (this.#entered) return;
    this.#system.guard(this.#leave);
    this.#system.setRaw(true);
    this.#entered = true;
    this.#send(this.#mouse ? ENTER + MOUSE_ON : ENTER);
  }

  /** Restores the screen and cooked mode. Blocks until the terminal has taken all output. */
  restore(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#send(this.#leave);
    try {
      this.#system.setRaw(false);
    } catch {
      // The terminal is gone (EIO, ENXIO): nothing to restore.
    }
    this.#system.guard("");
  }

  /** Turns mouse reports on or off; off at the start, kept across a suspension. */
  setMouse(on: boolean): void {
    const changed = on !== this.#mouse;
    this.#mouse = on;
    if (!changed || !this.#entered) return;
    this.#system.guard(this.#leave);
    this.#send(on ? MOUSE_ON : MOUSE_OFF);
  }

  /** Forgets that the terminal was entered, and sends nothing: after a hang-up, or on a stalled link. */
  abandon(): void {
    this.#entered = false;
    this.#system.guard("");
  }

  get #leave(): string {
    return this.#mouse ? MOUSE_OFF + LEAVE : LEAVE;
  }

  /** As {@linkcode terminalSize}. */
  size(): Size {
    return terminalSize(this.#system);
  }

  #send(sequences: string): void {
    const bytes = new TextEncoder().encode(sequences);
    let tries = 0;
    try {
      for (let sent = 0; sent < bytes.length && tries < MAX_TRIES;) {
        const taken = this.#system.writeSync(bytes.subarray(sent));
        sent += taken;
        if (taken === 0) tries++;
      }
    } catch {
      // The terminal is gone, as in restore().
    }
  }
}

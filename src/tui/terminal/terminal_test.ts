import assert from "node:assert/strict";
import { Terminal, type TerminalSystem } from "./terminal.ts";

interface Recorder extends TerminalSystem {
  readonly log: string[];
}

function recorder(overrides: Partial<TerminalSystem> = {}): Recorder {
  const log: string[] = [];
  return {
    log,
    setRaw: (raw) => void log.push(raw ? "raw" : "cooked"),
    writeSync: (bytes) => {
      log.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
    guard: () => {},
    consoleSize: () => ({ columns: 100, rows: 30 }),
    ...overrides,
  };
}

Deno.test("Terminal.restore() undoes each mode that enter() set, once", () => {
  const system = recorder();
  const terminal = new Terminal(system);
  terminal.enter();
  terminal.enter();
  const [raw, entered] = system.log;
  assert.equal(raw, "raw");
  for (const mode of ["\x1b[?1049h", "\x1b[?25l", "\x1b[?7l", "\x1b[?2004h"]) {
    assert.ok(entered?.includes(mode));
  }
  assert.equal(system.log.length, 2);
  terminal.restore();
  terminal.restore();
  const left = system.log[2];
  for (const mode of ["\x1b[?2026l", "\x1b[m", "\x1b[?2004l", "\x1b[?7h", "\x1b[?25h"]) {
    assert.ok(left?.includes(mode));
  }
  // Below what was shown, before the switch to the main screen: not every terminal has one.
  assert.ok(left?.endsWith("\x1b[999H\r\n\x1b[?1049l"));
  assert.deepEqual(system.log.slice(3), ["cooked"]);
});

Deno.test("Terminal.setMouse() is the only one to send a mouse mode, and restore() switches it off", () => {
  // deno-lint-ignore no-control-regex -- the sequences in question
  const mouse = /\x1b\[\?(9|100[0-6]|1015)[hl]/;
  const system = recorder();
  const terminal = new Terminal(system);
  terminal.enter();
  terminal.restore();
  assert.doesNotMatch(system.log.join(""), mouse);
  terminal.enter();
  terminal.setMouse(true);
  assert.equal(system.log.at(-1), "\x1b[?1000h\x1b[?1006h");
  terminal.restore();
  assert.ok(system.log.at(-2)?.startsWith("\x1b[?1006l\x1b[?1000l"));
  terminal.enter();
  assert.ok(system.log.at(-1)?.endsWith("\x1b[?1000h\x1b[?1006h"));
});

Deno.test("Terminal.restore() does not throw when the terminal is gone", () => {
  const gone = (): never => {
    throw new Error("Input/output error (os error 5)");
  };
  let broken = false;
  const terminal = new Terminal(recorder({
    setRaw: () => broken && gone(),
    writeSync: (bytes) => broken ? gone() : bytes.length,
  }));
  terminal.enter();
  broken = true;
  terminal.restore();
});

Deno.test("Terminal.restore() leaves the terminal alone after abandon()", () => {
  const system = recorder();
  const terminal = new Terminal(system);
  terminal.enter();
  terminal.abandon();
  terminal.restore();
  assert.equal(system.log.length, 2);
});

Deno.test("Terminal.restore() sends everything when the system takes a few bytes at a time, or none at first", () => {
  let sent = "";
  let full = true;
  const terminal = new Terminal(recorder({
    writeSync: (bytes) => {
      full = !full;
      if (!full) return 0;
      sent += new TextDecoder().decode(bytes.subarray(0, 20));
      return Math.min(20, bytes.length);
    },
  }));
  terminal.enter();
  terminal.restore();
  assert.ok(sent.startsWith("\x1b[?1049h") && sent.endsWith("\x1b[?1049l"), JSON.stringify(sent));
});

Deno.test("Terminal guards the modes that enter() changes, with the mouse, until the terminal is restored or abandoned", () => {
  const log: string[] = [];
  const system = recorder({
    guard: (leave) => void log.push(leave === "" ? "off" : leave.startsWith("\x1b[?1006l") ? "mouse" : "on"),
    setRaw: (raw) => void log.push(raw ? "raw" : "cooked"),
  });
  const terminal = new Terminal(system);
  terminal.enter();
  terminal.restore();
  assert.deepEqual(log.splice(0), ["on", "raw", "cooked", "off"]);
  terminal.enter();
  terminal.setMouse(true);
  terminal.abandon();
  terminal.enter();
  assert.deepEqual(log, ["on", "raw", "mouse", "off", "mouse", "raw"]);
});

Deno.test("Terminal.size() is 80×24 when the terminal reports 0×0 or no size", () => {
  assert.deepEqual(new Terminal(recorder()).size(), { width: 100, height: 30 });
  const zero = recorder({ consoleSize: () => ({ columns: 0, rows: 0 }) });
  assert.deepEqual(new Terminal(zero).size(), { width: 80, height: 24 });
  const none = recorder({
    consoleSize: () => {
      throw new Error("Inappropriate ioctl");
    },
  });
  assert.deepEqual(new Terminal(none).size(), { width: 80, height: 24 });
});

Deno.test("Terminal.size() is at most 1000×500, whatever the terminal reports", () => {
  const sizeOf = (columns: number, rows: number) =>
    new Terminal(recorder({ consoleSize: () => ({ columns, rows }) })).size();
  assert.deepEqual(sizeOf(65_535, 65_535), { width: 1000, height: 500 });
  assert.deepEqual(sizeOf(65_535, 1), { width: 1000, height: 1 });
  assert.deepEqual(sizeOf(500, 200), { width: 500, height: 200 });
});

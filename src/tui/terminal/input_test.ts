import assert from "node:assert/strict";
import { flushInput, type InputEvent, parseInput } from "./input.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const NOTHING = new Uint8Array();

/** Names of the keys in a text, read in one piece. */
function names(text: string): string[] {
  return parseInput(NOTHING, encode(text)).events.map((event) =>
    event.kind === "key" ? event.key : event.kind === "mouse" ? event.button : `paste ${event.text}`
  );
}

Deno.test("parseInput() names cursor keys as xterm, tmux, linux and rxvt send them", () => {
  assert.deepEqual(names("\x1b[A\x1b[B\x1b[C\x1b[D"), ["Up", "Down", "Right", "Left"]);
  assert.deepEqual(names("\x1bOA\x1bOB\x1bOC\x1bOD"), ["Up", "Down", "Right", "Left"]);
  assert.deepEqual(names("\x1b[H\x1bOH\x1b[1~\x1b[7~"), ["Home", "Home", "Home", "Home"]);
  assert.deepEqual(names("\x1b[F\x1bOF\x1b[4~\x1b[8~"), ["End", "End", "End", "End"]);
  assert.deepEqual(names("\x1b[5~\x1b[6~\x1b[2~\x1b[3~"), ["PgUp", "PgDn", "Insert", "Delete"]);
  assert.deepEqual(names("\x1b[Z\x1b[1;5A\x1b[1;2D\x1b[7$\x1b[7^"), [
    "Shift-Tab",
    "Ctrl-Up",
    "Shift-Left",
    "Shift-Home",
    "Ctrl-Home",
  ]);
});

Deno.test("parseInput() names function keys in every variant", () => {
  const all = ["F1", "F2", "F3", "F4", "F5"];
  assert.deepEqual(names("\x1bOP\x1bOQ\x1bOR\x1bOS\x1b[15~"), all);
  assert.deepEqual(names("\x1b[11~\x1b[12~\x1b[13~\x1b[14~\x1b[15~"), all);
  assert.deepEqual(names("\x1b[[A\x1b[[B\x1b[[C\x1b[[D\x1b[[E"), all);
  assert.deepEqual(names("\x1b[17~\x1b[18~\x1b[19~\x1b[20~\x1b[21~"), ["F6", "F7", "F8", "F9", "F10"]);
});

Deno.test("parseInput() names controls and reads UTF-8 text", () => {
  assert.deepEqual(names("\x03\x1a\x0c\x15\t\r\x7f\b q"), [
    "Ctrl-C",
    "Ctrl-Z",
    "Ctrl-L",
    "Ctrl-U",
    "Tab",
    "Enter",
    "Backspace",
    "Backspace",
    " ",
    "q",
  ]);
  assert.deepEqual(parseInput(NOTHING, encode("é日🙂")).events, [
    { kind: "key", key: "é", text: "é" },
    { kind: "key", key: "日", text: "日" },
    { kind: "key", key: "🙂", text: "🙂" },
  ]);
});

Deno.test("parseInput() reads SGR mouse reports", () => {
  assert.deepEqual(parseInput(NOTHING, encode("\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<65;1;1M")).events, [
    { kind: "mouse", button: "left", pressed: true, x: 9, y: 4 },
    { kind: "mouse", button: "left", pressed: false, x: 9, y: 4 },
    { kind: "mouse", button: "wheel-down", pressed: true, x: 0, y: 0 },
  ]);
});

Deno.test("parseInput() discards unknown sequences and replies as a whole", () => {
  const unknown = [
    "\x1b[99~",
    "\x1b[?2026;2$y",
    "\x1b[>0;276;0c",
    "\x1b[1;2;3;4x",
    "\x1b]11;rgb:0000/0000/0000\x07",
    "\x1b]0;title\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1b[M !!",
    "\x1bOz",
  ];
  for (const sequence of unknown) {
    assert.deepEqual(names(`a${sequence}b`), ["a", "b"], JSON.stringify(sequence));
  }
});

Deno.test("parseInput() makes one event of a paste, whatever is in it", () => {
  assert.deepEqual(names("a\x1b[200~rm -rf q\nW\x1b[201~b"), ["a", "paste rm -rf q\nW", "b"]);
  assert.deepEqual(names("\x1b[200~q\x03w\x1b[201~z"), ["paste q\x03w", "z"]);
  assert.deepEqual(names("\x1b[200~\x1b[201~"), ["paste "]);
  assert.deepEqual(names("\x1b[200~é\xff\x1b[A\x1b[201~")[0]?.slice(0, 7), "paste é");
});

Deno.test("parseInput() skips bytes that are not UTF-8 and C1 controls", () => {
  const bytes = Uint8Array.from([0x61, 0xff, 0x80, 0xc3, 0x62, 0xc2, 0x9b, 0xed, 0xa0, 0x80, 0x63]);
  const { events, pending } = parseInput(NOTHING, bytes);
  assert.deepEqual(events.map((event) => event.kind === "key" && event.key), ["a", "b", "c"]);
  assert.equal(pending.length, 0);
});

Deno.test("parseInput() returns the same events however the bytes are split", () => {
  const text =
    "aé日🙂\x1b[A\x1bOB\x1b[1;5C\x1b[15~\x1b[[A\x1b[<0;10;5M\x1b[200~paste q\x1b[201~\x1b]0;t\x07\x1b[7$\x1b[M !!z\x03";
  const bytes = encode(text);
  const whole = parseInput(NOTHING, bytes);
  for (let cut = 1; cut < bytes.length; cut++) {
    const first = parseInput(NOTHING, bytes.subarray(0, cut));
    const second = parseInput(first.pending, bytes.subarray(cut));
    assert.deepEqual([...first.events, ...second.events], whole.events, `cut at ${cut}`);
  }
  let pending = NOTHING;
  const events: InputEvent[] = [];
  for (const byte of bytes) {
    const parsed = parseInput(pending, Uint8Array.of(byte));
    pending = parsed.pending;
    events.push(...parsed.events);
  }
  assert.deepEqual(events, whole.events);
});

Deno.test("flushInput() turns a lone ESC into the Esc key, and keeps an incomplete sequence pending", () => {
  const alone = parseInput(NOTHING, encode("\x1b"));
  assert.deepEqual(alone.events, []);
  assert.deepEqual(flushInput(alone.pending).events, [{ kind: "key", key: "Esc" }]);
  const begun = flushInput(parseInput(NOTHING, encode("\x1b[1;")).pending);
  assert.deepEqual(begun.events, []);
  assert.deepEqual(parseInput(begun.pending, encode("5A")).events, [{ kind: "key", key: "Ctrl-Up" }]);
  assert.equal(flushInput(parseInput(NOTHING, encode("\x1bP")).pending).pending.length, 0);
});

Deno.test("parseInput() takes ESC as a separate key when another key follows", () => {
  assert.deepEqual(names("\x1bq"), ["Esc", "q"]);
  assert.deepEqual(names("\x1b\x1b[A"), ["Esc", "Up"]);
});

Deno.test("parseInput() never keeps Ctrl-C waiting, whatever came before", () => {
  for (const start of ["\x1b[1;", "\x1bO", "\x1b[200~text", "\x1b"]) {
    assert.ok(names(`${start}\x03`).includes("Ctrl-C"), JSON.stringify(start));
  }
});

Deno.test("parseInput() bounds the pending bytes when a sequence or a paste never ends", () => {
  let pending = NOTHING;
  for (let i = 0; i < 50; i++) {
    pending = parseInput(pending, encode(i === 0 ? "\x1b]" : "x".repeat(200))).pending;
  }
  assert.ok(pending.length <= 4096);
  pending = NOTHING;
  for (let i = 0; i < 50; i++) {
    pending = parseInput(pending, encode(i === 0 ? "\x1b[200~" : "q".repeat(200))).pending;
  }
  assert.ok(pending.length <= 4096);
  const [paste, after] = parseInput(pending, encode("q\x1b[201~a")).events;
  assert.deepEqual(after, { kind: "key", key: "a", text: "a" });
  assert.deepEqual(paste, { kind: "paste", text: "q".repeat(1024), bracketed: true });
});

/**
 * The terminal: what it can show, what its keys send, and the one object that sets and restores its modes. Nothing in this room
 * depends on what is drawn.
 *
 * @module
 */
export { type TerminalCapabilities, terminalCapabilities } from "./capabilities.ts";
export { type FrameSink, FrameWriter } from "./frame_writer.ts";
export {
  flushInput,
  type InputEvent,
  type KeyEvent,
  type MouseEvent,
  parseInput,
  type PasteEvent,
} from "./input.ts";
export { InputReader } from "./input_reader.ts";
export { KEY_NAMES, MODIFIABLE_KEYS } from "./key_names.ts";
export { Terminal, terminalOf, type TerminalOutput, terminalSize } from "./terminal.ts";

/**
 * Keys and the mouse: the bindings as data, and for each the state and the action that follow from it. Pure: nothing here
 * reads a terminal, draws, or calls the monitor.
 *
 * @module
 */
export { ALWAYS_QUITS } from "./binding.ts";
export { answeredQuestions, arrangeScreen, MODES } from "./bindings.ts";
export { handleEvent } from "./handle.ts";
export { MAIN } from "./main_keys.ts";

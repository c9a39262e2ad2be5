/**
 * The man page, made from the tables of the command line, the tools and the keys. Nothing here writes or parses.
 *
 * @module
 */
export { type KeyInfo, manPage } from "./page.ts";

/**
 * The names of the functions of programs, for the user frames of stacks.
 *
 * @module
 */
import { UserSymbols } from "../../symbols/mod.ts";

/** Names functions by addresses inside them: {@linkcode UserSymbols}. */
export type UserFrames = Pick<UserSymbols, "frames" | "resolve">;

let shared: UserSymbols | undefined;

/** The names that all tools share. */
export const userFrames = (): UserFrames => shared ??= new UserSymbols();

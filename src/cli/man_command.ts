/**
 * `ktop man`: the man page, as roff.
 *
 * @module
 */
import { Command } from "commander";
import { StandardOutput } from "../output/mod.ts";
import { VERSION } from "./version.ts";

/** Today, or the day that SOURCE_DATE_EPOCH names, for packages that are built again byte by byte. */
function pageDate(): string {
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH") ?? "";
  const date = /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1000) : new Date();
  return date.toISOString().slice(0, 10);
}

/** The command `man`; `program` is the command line that the page describes. */
export function manCommand(program: Command): Command {
  return new Command("man")
    .description("the manual page, for man")
    .addHelpText(
      "after",
      `
Examples:
  ktop man | man -l -
  ktop man > /usr/local/share/man/man8/ktop.8`,
    )
    .action(async () => {
      const { readGrammar } = await import("./grammar.ts");
      const { manPage } = await import("./man/mod.ts");
      const { MAIN } = await import("../tui/keys/mod.ts");
      const page = manPage({ grammar: readGrammar(program), keys: MAIN, version: VERSION, date: pageDate() });
      await new StandardOutput(() => {}).write(page);
    });
}

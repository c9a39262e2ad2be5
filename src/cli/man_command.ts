/**
 * `ktop man`: the man page, as roff.
 *
 * @module
 */
import { Command } from "commander";
import { standardOutput } from "./standard_streams.ts";
import { VERSION } from "./version.ts";

/** The date of the page: today, or SOURCE_DATE_EPOCH for reproducible packages. */
function pageDate(): string {
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH") ?? "";
  const date = /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1000) : new Date();
  return date.toISOString().slice(0, 10);
}

/** The command `man`; the page describes `program`. */
export function manCommand(program: Command): Command {
  return new Command("man")
    .description("print the man page")
    .addHelpText(
      "after",
      `
Examples:
  ktop man | man -l -
  ktop man > /usr/local/share/man/man8/ktop.8`,
    )
    .action(async () => {
      const { readGrammar } = await import("./grammar.ts");
      const { manPage } = await import("./man/page.ts");
      const { answeredQuestions, MAIN } = await import("../tui/mod.ts");
      const page = manPage({
        grammar: readGrammar(program),
        keys: MAIN,
        questions: answeredQuestions(),
        version: VERSION,
        date: pageDate(),
      });
      await standardOutput().write(page);
    });
}

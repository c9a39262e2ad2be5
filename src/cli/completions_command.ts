/**
 * `ktop completions bash|zsh|fish`: a script that completes ktop's words in that shell.
 *
 * @module
 */
import { Argument, Command } from "commander";
import { StandardOutput } from "../output/mod.ts";
import { SHELLS } from "./completions/mod.ts";
import { readGrammar } from "./grammar.ts";

/** The command `completions`; `program` is the command line that the script completes. */
export function completionsCommand(program: Command): Command {
  const shell = new Argument("<SHELL>", "the shell").choices(Object.keys(SHELLS));
  return new Command("completions")
    .description("a script that completes tools, options and columns in a shell")
    .addArgument(shell)
    .addHelpText(
      "after",
      `
Examples:
  ktop completions bash > /etc/bash_completion.d/ktop
  ktop completions zsh > /usr/local/share/zsh/site-functions/_ktop
  ktop completions fish > ~/.config/fish/completions/ktop.fish`,
    )
    .action(async (name: string) => {
      await new StandardOutput(() => {}).write(SHELLS[name]!(readGrammar(program)));
    });
}

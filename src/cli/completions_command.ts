/**
 * `ktop completions bash|zsh|fish`: a script that completes ktop's words in that shell.
 *
 * @module
 */
import { Argument, Command } from "commander";
import { StandardOutput } from "../output/mod.ts";
import type { Shell } from "./completions/mod.ts";

const NAMES: readonly Shell[] = ["bash", "zsh", "fish"];

/** The command `completions`; `program` is the command line that the script completes. */
export function completionsCommand(program: Command): Command {
  const shell = new Argument("<SHELL>", "the shell").choices(NAMES);
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
    .action(async (name: Shell) => {
      const { SHELLS } = await import("./completions/mod.ts");
      const { readGrammar } = await import("./grammar.ts");
      await new StandardOutput(() => {}).write(SHELLS[name](readGrammar(program)));
    });
}

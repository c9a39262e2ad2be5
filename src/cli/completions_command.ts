/**
 * `ktop completions bash|zsh|fish`: prints the completion script for a shell. The script never runs ktop, and needs only the shell;
 * gzip, head, grep and cut for the tools of a recording.
 *
 * @module
 */
import { Argument, Command } from "commander";
import type { Grammar } from "./grammar.ts";
import { standardOutput } from "./standard_streams.ts";

/** The scripts, each loaded when it is printed. */
const SCRIPTS = {
  bash: async () => (await import("./completions/bash.ts")).bashScript,
  zsh: async () => (await import("./completions/zsh.ts")).zshScript,
  fish: async () => (await import("./completions/fish.ts")).fishScript,
} as const satisfies Record<string, () => Promise<(grammar: Grammar) => string>>;

/** A supported shell. */
export type Shell = keyof typeof SCRIPTS;

/** Every supported shell. */
export const SHELLS = Object.keys(SCRIPTS) as Shell[];

/** The completion script for the command line of `program`. */
export async function completionScript(shell: Shell, program: Command): Promise<string> {
  const { readGrammar } = await import("./grammar.ts");
  return (await SCRIPTS[shell]())(readGrammar(program));
}

/** The command `completions`; the script completes `program`. */
export function completionsCommand(program: Command): Command {
  const shell = new Argument("<SHELL>", "the shell").choices(SHELLS);
  return new Command("completions")
    .description("print the completion script for a shell")
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
      await standardOutput().write(await completionScript(name, program));
    });
}

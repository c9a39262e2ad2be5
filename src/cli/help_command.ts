/**
 * `ktop help [TOOL]`: the text of --help.
 *
 * @module
 */
import { Command } from "commander";
import { unknownWord } from "./options.ts";

/** The command `help`. */
export function helpCommand(program: Command): Command {
  return new Command("help")
    .description("print the help of ktop, or of one tool or command")
    .argument("[TOOL]", "a tool or command")
    .action((word?: string) => {
      const command = word === undefined ? program : program.commands.find((one) => one.name() === word);
      if (!command) throw unknownWord("tool", word!, program.commands.map((one) => one.name()));
      command.help();
    });
}

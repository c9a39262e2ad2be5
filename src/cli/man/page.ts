/**
 * The man page ktop(8), made from the data of the command line, the tools and the keys. Pure.
 *
 * @module
 */
import type { Column } from "../../model/mod.ts";
import type { Tool } from "../../tools/mod.ts";
import type { Question } from "../../tui/mod.ts";
import { type CommandInfo, type Grammar, type OptionInfo, optionNames } from "../grammar.ts";
import { bold, example, italic, paragraph, part, prose, roffText, section, tagged } from "./roff.ts";

/** A key of the screen: its name, and what it does. */
export interface KeyInfo {
  readonly shown: string;
  readonly help: string;
}

/** The data of the page. */
export interface PageInput {
  readonly grammar: Grammar;
  readonly keys: readonly KeyInfo[];
  /** What the keys are for. */
  readonly questions: readonly Question[];
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ["0", "Done. SIGINT, SIGTERM, SIGHUP and a closed pipe end a run cleanly."],
  ["1", "Failure."],
  ["2", "Wrong usage."],
  ["3", "Not permitted; the message names the capability that is missing."],
  ["4", "This kernel cannot; the message names what is missing."],
  ["126, 127", "The command after -- cannot be executed; there is no such command."],
  ["other", "That of the command after --, once it has started; 128 + n if signal n ended it."],
];

const FILES: readonly (readonly [path: string, meaning: string])[] = [
  ["/sys/kernel/btf/vmlinux", "The kernel's types, to which the BPF programs are adapted."],
  [
    "/proc/config.gz, /boot/config-*",
    "The kernel's options, by which ktop doctor explains what is missing.",
  ],
  ["/proc/kallsyms", "Names of kernel functions."],
  [
    "~/.cache/ktop",
    "On a host: the executables that ktop @HOST --install has copied, each in a directory named by its SHA-256.",
  ],
  ["/var/lib/ktop", "Recordings of ktop-record.service, which the Debian package installs disabled."],
  [
    "/proc/sys/kernel/bpf_stats_enabled",
    "If 1, the kernel measures the run time of BPF programs at all times.",
  ],
];

const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ["NO_COLOR", "If set and not empty: no colours."],
  [
    "TERM, COLORTERM",
    "The capabilities of the terminal. With TERM=dumb the panes are printed as plain text.",
  ],
  ["TZ", "The local time zone, else /etc/localtime. JSON, CSV and --utc have UTC."],
  [
    "LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES",
    "ktop serve accepts connections of the listening sockets that a service manager passes (sd_listen_fds(3)).",
  ],
  [
    "NOTIFY_SOCKET",
    "Where ktop serve and ktop record report that they have started and stop (sd_notify(3)).",
  ],
  ["KTOP_SSH", "The command that ktop @HOST runs instead of ssh, with its options separated by blanks."],
  ["LC_ALL, LC_CTYPE, LANG", "Frames and graphs are drawn in ASCII unless the locale is UTF-8."],
];

/** The text with a capital letter and a full stop. */
function sentence(text: string): string {
  const full = /[.!?]$/.test(text) ? text : `${text}.`;
  return full.charAt(0).toUpperCase() + full.slice(1);
}

function optionEntry(option: OptionInfo): string {
  const value = option.argument === undefined ? "" : ` ${italic(option.argument)}`;
  const choices = option.values.kind === "words" && !option.values.list && option.values.words.length <= 5
    ? ` One of ${option.values.words.join(", ")}.`
    : "";
  const names = optionNames(option).map((name) => `${bold(name)}${value}`).join(", ");
  return tagged(names, prose(sentence(option.description) + choices));
}

function argumentsOf({ arguments: args }: CommandInfo): string {
  return args.map(({ name, required }) => required ? ` ${italic(name)}` : ` [${italic(name)}]`).join("");
}

const columnEntry = ({ key, title, description }: Column): string =>
  tagged(`${bold(key)} (${roffText(title)})`, prose(sentence(description)));

function toolExamples({ examples = [] }: Tool): string {
  return examples.map(({ question, command, look }) =>
    paragraph(prose(question)) + example([command]) + paragraph(prose(look))
  ).join("");
}

/** The options of every tool: the short name by the long one. */
type Shared = ReadonlyMap<string, string | undefined>;

/** The part about a tool: what it measures, examples, its own options, its columns. */
function toolPart(command: CommandInfo, shared: Shared): string {
  const tool = command.tool!;
  const title = part(tool.name) + paragraph(`${bold(`ktop ${tool.name}`)}${argumentsOf(command)}`) +
    paragraph(prose(sentence(tool.summary)));
  if (tool.aliasOf !== undefined) {
    return title + paragraph(`Like ${bold(`ktop ${tool.aliasOf}`)}, for this file system.`);
  }
  const own = command.options.filter(({ long, short }) => !shared.has(long) || shared.get(long) !== short);
  const positional = tool.positional
    ? tagged(
      italic(tool.positional.argument ?? tool.positional.name),
      prose(sentence(tool.positional.description)),
    )
    : "";
  const caveats = Object.entries(tool.caveats).map(([tier, text]) =>
    paragraph(`Tier ${bold(tier)}: ${prose(sentence(text))}`)
  );
  return title + toolExamples(tool) + positional + own.map(optionEntry).join("") +
    paragraph("Columns: the name in options and JSON, and the title in text:") +
    tool.columns.map(columnEntry).join("") + caveats.join("");
}

/** The part about another command. */
function commandPart(command: CommandInfo, shared: Shared): string {
  const own = command.options.filter(({ long }) => !shared.has(long) || long === "--json");
  return tagged(`${bold(`ktop ${command.name}`)}${argumentsOf(command)}`, prose(sentence(command.summary))) +
    (own.length === 0 ? "" : `.RS\n${own.map(optionEntry).join("")}.RE\n`);
}

/** A question: the keys and, if there is one, the command that answer it. */
const questionEntry = ({ question, press, look, command }: Question): string =>
  tagged(
    bold(question),
    prose(`${press}. ${look}`) + (command === undefined ? "" : ` Command: ${bold(command)}`),
  );

const entries = (list: readonly (readonly [string, string])[]): string =>
  list.map(([name, meaning]) => tagged(bold(name), prose(meaning))).join("");

function synopsis(): string {
  const followed = `[-- ${italic("CMD")} ${italic("ARG")}\\[u2026]]`;
  const lines = [
    `[${italic("OPTIONS")}] ${followed}`,
    `${bold("@")}${italic("HOST")}\\[u2026] [${italic("OPTIONS")}]`,
    `${italic("TOOL")} [${italic("OPTIONS")}] [${italic("INTERVAL")} [${italic("COUNT")}]] ${followed}`,
    `${italic("COMMAND")} [${italic("OPTIONS")}] [${italic("ARGUMENTS")}]`,
  ];
  return lines.map((line) => `.B ktop\n${line}\n`).join(".br\n");
}

function sharedOptions(tools: readonly CommandInfo[]): OptionInfo[] {
  const [first, ...rest] = tools;
  return (first?.options ?? []).filter(({ long }) =>
    rest.every(({ options }) => options.some((option) => option.long === long))
  );
}

/** The page. */
export function manPage({ grammar, keys, questions, version, date }: PageInput): string {
  const { program, commands } = grammar;
  const tools = commands.filter(({ tool }) => tool !== undefined);
  const shared = sharedOptions(tools);
  const names: Shared = new Map(shared.map(({ long, short }) => [long, short]));
  const ofScreen = program.options.filter(({ long }) => !names.has(long));
  const parts = [
    `.TH KTOP 8 ${date} "ktop ${roffText(version)}" "System Administration"\n`,
    section("Name"),
    "ktop \\- a top for files, directory entries and the run queue of the Linux kernel\n",
    section("Synopsis"),
    synopsis(),
    section("Description"),
    paragraph(prose(
      "Without a tool, ktop fills the terminal with panes, one per tool, and updates them every interval. With a tool, it " +
        "prints that one as text, JSON or CSV. The tools observe the kernel with BPF programs. If standard output is not a " +
        "terminal, the panes are printed as plain text.",
    )),
    paragraph(prose(
      "It needs root, or CAP_BPF and CAP_PERFMON. It only observes: it never changes what a program does.",
    )),
    paragraph(prose(
      "After --, a tool starts CMD when it is attached, and measures only CMD and its children, from the first instruction. CMD has " +
        "ktop's standard streams, environment and privileges. The run ends with CMD; children that it leaves behind are measured for " +
        "at most a second more. SIGINT, SIGTERM, SIGHUP and SIGQUIT that other processes send to ktop are forwarded to CMD. COUNT and " +
        "--duration end the measurement, and ktop waits for CMD. ktop record, --json and --batch do it with several tools.",
    )),
    paragraph(prose(
      "Without a tool, the screen shows only CMD and its children, and is paused at the last interval when CMD has ended, until q. CMD then has no terminal: it reads " +
        "/dev/null, and the last mebibyte of its output is printed when the screen has gone; standard error that is redirected is its " +
        "own. Ctrl-C ends the screen and interrupts CMD and its children. q, --count and --duration end the screen, and ktop waits " +
        "for CMD. Signals that are sent to ktop end the screen too, and are forwarded to CMD and its children.",
    )),
    paragraph(prose(
      "With @HOST it shows other machines through ssh(1): @HOST is a name, an alias of the ssh configuration, USER@HOST or HOST:PORT, at most 32 of them. " +
        "ktop must be there, or is copied with --install, and runs as root or through sudo -n. Options of what is measured go there, those of " +
        "the screen apply here. Several hosts share the panes, with a column HOST.",
    )),
    section("Commands"),
    ...commands.filter(({ tool }) => tool === undefined).map((command) => commandPart(command, names)),
    section("Options"),
    paragraph("Options of every tool; most work on the screen too:"),
    ...shared.map(optionEntry),
    paragraph("Options of the screen:"),
    ...ofScreen.map(optionEntry),
    section("Tools"),
    ...tools.map((tool) => toolPart(tool, names)),
    section("Keys"),
    paragraph("Keys of the screen; its help (?) lists those that work in the focused pane."),
    ...keys.map(({ shown, help }) => tagged(bold(shown), prose(help))),
    section("What do I press for \\[u2026]"),
    ...questions.map(questionEntry),
    section("Exit status"),
    entries(EXIT_CODES),
    section("Environment"),
    entries(ENVIRONMENT),
    section("Files"),
    entries(FILES),
    section("Examples"),
    example(
      ["ktop", "ktop vfsstat 1 5", "ktop filetop --json -p 1234 | jq .rows", "ktop opensnoop -x -- make"],
    ),
    paragraph(
      prose(
        "The screen; five lines of VFS calls; what process 1234 reads and writes, for a script; files that make does not find.",
      ),
    ),
    section("See also"),
    ".BR bpf (2),\n.BR capabilities (7),\n.BR htop (1),\n.BR proc (5),\n.BR ssh (1)\n",
  ];
  // A heading starts a paragraph by itself.
  return parts.join("").replace(/^(\.S[HS] .*\n)\.PP\n/gm, "$1");
}

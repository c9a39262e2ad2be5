/**
 * Questions in everyday words, and what answers them: a page of the help, a section of the man page, and the first commands
 * of the README.
 *
 * @module
 */

/** A question and its answer. */
export interface Question {
  readonly question: string;
  /** What to press on the screen; `{name}` stands for the key of the binding with that name. */
  readonly press: string;
  /** What to look for then: sentences. */
  readonly look: string;
  /** The command that answers it without the screen; absent: only the screen does. */
  readonly command?: string;
}

/** The questions; the README starts with those that have a command, in this order. */
export const QUESTIONS: readonly Question[] = [
  {
    question: "What is this server doing?",
    press: "{next-pane} goes from pane to pane, {zoom} enlarges one, {details} explains a row",
    look: "The first screen shows files, calls, the directory cache and waits for a CPU.",
    command: "ktop",
  },
  {
    question: "Which thread writes to which file?",
    press: "{tools} filetop Enter, {sort} /W_Kb Enter",
    look: "W_Kb is what TID and COMM write to FILE, in KiB in each interval.",
    command: "ktop filetop --write-only 5",
  },
  {
    question: "Which container writes so much, and what in it?",
    press: "{sort} /W_Kb Enter {group} {group} ↓ Enter Enter ↓ {details}",
    look:
      "Groups by container, most written first, then the rows of the first one: COMM, TID and FILE. The details have its command, what started it, and the container's id and limits.",
    command: "ktop filetop --by container 5",
  },
  {
    question: "Which program asks for files that are missing?",
    press: "{tools} opensnoop Enter, {flags} and Space at failed, Enter, {group}",
    look: "Groups by program, with the number of failed opens; Enter on one shows its paths.",
    command: "ktop opensnoop -x --by comm 5",
  },
  {
    question: "Which disk request was the slowest, and whose was it?",
    press: "{tools} biosnoop Enter, {sort} /LAT Enter",
    look:
      "The first row: LAT(ms), and the COMM and PID that asked for it. Slow requests stay in the list for ten minutes.",
    command: "ktop biosnoop 10",
  },
  {
    question: "Which threads wait for a CPU?",
    press: "{tools} runqslower Enter",
    look: "COMM waited LAT(us); PREV COMM had the CPU before it.",
    command: "ktop runqslower 10000",
  },
  {
    question: "Which code keeps the CPUs busy?",
    press: "{tools} profile Enter, {zoom}",
    look: "A flame graph: the widest bars are the functions that use most CPU time, and what they call.",
    command: "ktop profile --flame busy.svg 10",
  },
  {
    question: "What does a slow program wait for?",
    press: "{tools} offcputime Enter, {filter} comm=nginx Enter, {zoom}",
    look: "A flame graph of the time that its threads waited; the innermost functions say for what.",
    command: "ktop offcputime --comm nginx 10 1",
  },
  {
    question: "Which process uses the network, and with which hosts?",
    press: "{tools} nettop Enter",
    look: "RX_Kb and TX_Kb of each connection, with its process and remote address.",
    command: "ktop nettop 5",
  },
  {
    question: "Are files read from memory or from the disk?",
    press: "{tools} cachestat Enter",
    look: "HITS were in the page cache, MISSES were read from the disk.",
    command: "ktop cachestat 5",
  },
  {
    question: "Why does it take so long to read, write or open files?",
    press: "{tools} readpath Enter, {flags} and Space at call until it is write, Enter, {zoom}",
    look:
      "The first rows: what became of the calls, such as write: sync, with AVG(us) and %TIME; then the functions inside. " +
      "It names no files: filetop and opensnoop do.",
    command: "ktop readpath --call write 5",
  },
  {
    question: "Which program deletes files?",
    press: "{tools} filegone Enter",
    look: "COMM removed or renamed FILE.",
    command: "ktop filegone",
  },
  {
    question: "Which program starts all these processes?",
    press: "{tools} execsnoop Enter, {group} {group} /PARENT Enter",
    look: "Groups by parent, with the number of programs that each has started.",
    command: "ktop execsnoop --by parent_comm 10",
  },
  {
    question: "Which program of a script or a build fails, and which takes long?",
    press: "{tools} execsnoop Enter, {flags} and Space at exit, Enter",
    look: "EXIT other than 0 is an exit code or a signal; the program ran for DUR(ms).",
    command: "ktop execsnoop --exit --parents",
  },
  {
    question: "Which reads and writes of files are slow?",
    press: "{tools} fileslower Enter, {flags} and 50 at min-ms, Enter",
    look: "Each row took LAT(ms); COMM waited for FILE.",
    command: "ktop fileslower 50",
  },
  {
    question: "How long does each disk take?",
    press: "{tools} biolatency Enter, {zoom}",
    look: "A heat map over time: denser means more requests.",
    command: "ktop biolatency -D 10 1",
  },
  {
    question: "Which configuration file does a program read?",
    press: "{tools} opensnoop Enter, {filter} comm=nginx Enter",
    look: "PATH of each file that it opens; restart the program to see them all.",
    command: "ktop opensnoop --comm nginx",
  },
  {
    question: "Which directory is read and written most?",
    press: "{tools} dirtop Enter",
    look: "The first rows: reads and writes below each directory.",
    command: "ktop dirtop -d /var 5",
  },
  {
    question: "What did this process do five minutes ago?",
    press: "{process} on a row of the process, {go-to-time} -5m Enter",
    look:
      "Every pane then shows only this process. {back-in-time} and {forward-in-time} step through the intervals, {pause} returns to now.",
  },
  {
    question: "How was it earlier, and what is different now?",
    press: "{back-in-time} and {minute-back} go back, {pause} returns to now; {zoom} shows graphs over time",
    look: "Ten minutes are kept. For longer times, record: `ktop record FILE`, then `ktop replay FILE`.",
    command: "ktop record FILE",
  },
  {
    question: "When did something happen in a long recording?",
    press: "{replay-next-peak} and {replay-previous-peak}",
    look:
      "They go to the peaks of the timeline above the footer: many reads, a long latency (▲), lost events (!).",
    command: "ktop replay /var/lib/ktop/",
  },
  {
    question: "Is a filter on, and how do I switch it off?",
    press: "{back} clears it",
    look:
      "A filter is in the title of its pane, after a slash; flags are beside it. The top line names the process and what the command line restricts.",
  },
  {
    question: "How do I see only one program or one file?",
    press: "{filter} and a part of its name, or {process} on its row for all panes",
    look: "{back} shows everything again.",
  },
  {
    question: "How do I save what I see?",
    press: "{write-screen}",
    look:
      "Text, pictures, rows and the history are written to files in the directory where ktop was started.",
  },
  {
    question: "The terminal is narrow: where are the other columns and panes?",
    press:
      "← and → scroll to columns, {details} lists all of them, {next-pane} shows the next pane, {zoom} enlarges it",
    look: "The most important columns stay on a narrow screen.",
  },
  {
    question: "How do I keep the rows from jumping?",
    press: "{freeze} keeps their order, {pause} pauses the screen",
    look: "Counting continues in both cases.",
  },
  {
    question: "Which other tools are there?",
    press: "{tools} and a word, such as disk or delete",
    look: "Enter shows the tool in this pane.",
    command: "ktop list",
  },
  {
    question: "What does ktop itself cost?",
    press: "{cost}",
    look: "The top line has its CPU time and memory; the pane has the time of each BPF program.",
  },
];

/** Keys over the panes by name of binding. */
export type KeyNames = ReadonlyMap<string, string>;

const PLACE = /\{([a-z-]+)\}/g;

/** The names of the bindings that an answer refers to. */
export const bindingsOf = ({ press, look }: Question): string[] =>
  [...`${press} ${look}`.matchAll(PLACE)].map(([, name]) => name!);

/** The questions with these keys; those whose keys do not exist are left out. */
export function answered(keys: KeyNames): Question[] {
  const fill = (text: string): string => text.replaceAll(PLACE, (_, name: string) => keys.get(name)!);
  return QUESTIONS.filter((one) => bindingsOf(one).every((name) => keys.has(name)))
    .map((one) => ({ ...one, press: fill(one.press), look: fill(one.look) }));
}

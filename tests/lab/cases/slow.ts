/**
 * What the cases of fileslower, fsslower and fsdist share: the operations of the workload `slow`, and the checks that all of
 * them are there, once each, with times within what the workload measured around each call.
 *
 * @module
 */
import { type Case, type Check, type Context, type Outcome, tiers } from "../case.ts";
import { all, printedNumber, wellFormed } from "../checks.ts";
import { type Counting, runCounting } from "../run.ts";

/** All rows of a run. */
export const rowsOf = ({ ticks }: Outcome): Outcome["ticks"][number]["rows"] =>
  ticks.flatMap(({ rows }) => rows);

/** What `slow` does to each file, by kind of operation. */
export const done: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "big.dat": { R: 5, W: 7 },
  "small.dat": { R: 211 + 61 + 31, W: 307 + 67 + 37 + 1, O: 109, S: 13 + 11 },
  "sync.dat": { W: 17 },
};

/** The rows are these operations, once each; `kind` is the column that has their letters. */
export function exactly(kind: string, expected: (outcome: Outcome) => typeof done): Check {
  return (outcome) => {
    const found: Record<string, Record<string, number>> = {};
    for (const row of rowsOf(outcome)) {
      const file = found[String(row.file)] ??= {};
      file[String(row[kind])] = (file[String(row[kind])] ?? 0) + 1;
    }
    const text = (counts: typeof done): string =>
      Object.keys(counts).sort().map((file) =>
        `${file} ${Object.entries(counts[file]!).sort().map(([letter, count]) => letter + count).join(" ")}`
      ).join(", ");
    const wanted = text(expected(outcome)), got = text(found);
    return got === wanted ? [] : [`operations are ${got}, not ${wanted}`];
  };
}

/** The upper tiers see the fsync within each synchronous write; the system calls have none. */
export function onFileSystem({ context }: Outcome): typeof done {
  return context.cell === "tracepoint" ? done : { ...done, "sync.dat": { W: 17, S: 17 } };
}

/** The times of a kind add up to no more than the workload measured around the calls, and to something. */
export function within(kind: string, letter: string, word: string): Check {
  return (outcome) => {
    const rows = rowsOf(outcome).filter((row) => row[kind] === letter && row.bytes !== undefined);
    const sum = rows.reduce((total, row) => total + Number(row.lat_ms), 0) * 1e6;
    const measured = printedNumber(outcome, word);
    return sum > 0 && sum <= measured ? [] : [`${letter} took ${sum} ns, the workload measured ${measured}`];
  };
}

/** Bytes of the calls that succeeded; the failed one has none. */
export function bytes(outcome: Outcome): string[] {
  const rows = rowsOf(outcome).filter(({ file, bytes }) => file === "small.dat" && bytes !== null);
  const sum = rows.reduce((total, row) => total + Number(row.bytes), 0);
  const expected = (211 + 61 + 31 + 307 + 67 + 37) * 100;
  return sum === expected ? [] : [`the bytes of small.dat are ${sum}, not ${expected}`];
}

/** At a threshold of 1 ms: all of big.dat, at most what the workload saw take as long, nothing shorter. */
export function onlySlow(outcome: Outcome): string[] {
  const rows = rowsOf(outcome).filter((row) => row.bytes !== null && row.bytes !== undefined);
  const big = rows.filter(({ file }) => file === "big.dat");
  const short = rowsOf(outcome).find(({ lat_ms }) => !(Number(lat_ms) >= 1));
  const most = printedNumber(outcome, "slow");
  return [
    ...big.length === 12 ? [] : [`${big.length} operations on big.dat, not 12`],
    ...short ? [`shorter than the threshold: ${JSON.stringify(short)}`] : [],
    ...rows.length <= most ? [] : [`${rows.length} reads and writes, but only ${most} took so long`],
  ];
}

/** The guest's disk as ext4, mounted once; what a case leaves there is emptied first. */
export const MOUNT =
  "mkdir -p /tmp/disk && { grep -q ' /tmp/disk ' /proc/mounts || { mke2fs -F /dev/nvme0n1 > /dev/null && " +
  "mount -t ext4 /dev/nvme0n1 /tmp/disk; }; } && rm -rf /tmp/disk/ktop-lab-*";

/** A case on the guest's disk. */
export function onDisk(spec: Counting & { readonly name: string }): Case {
  return {
    name: spec.name,
    tool: spec.tool,
    cells: tiers,
    boot: "usual",
    native: false,
    unforced: true,
    async run(context: Context) {
      await context.machine.shell(MOUNT);
      return await runCounting({ ...spec, check: all(wellFormed, spec.check) }, context);
    },
  };
}

/** `slow` on that disk. */
export const diskWorkload = ["slow", "/tmp/disk"];

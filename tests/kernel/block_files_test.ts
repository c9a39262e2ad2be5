/**
 * biosnoop and biotop name the file of a request, and the process that wrote its pages: block_files.c, and the extents that the file
 * system reports (FIEMAP) as the judge.
 *
 * @module
 */
import assert from "node:assert/strict";
import { runCommand } from "../support/commands.ts";
import { hasBtrfs, withBtrfs, withExt4 } from "../support/devices.ts";
import { retryHidden } from "../support/process1.ts";
import { type Row, sumColumn } from "../support/ticks.ts";
import { type Watched, watchTogether } from "../support/watch.ts";
import { DIRECT, HALVES, isOf, PAGE, type Pids, WRITTEN, wrongFiles } from "../workloads/block_files.ts";

const SECTOR = 512;

/** Pages of a file that follow each other on the disk. */
interface Extent {
  readonly file: string;
  /** Of the first page, in the file and on the disk. */
  readonly page: number;
  readonly diskPage: number;
  readonly pages: number;
}

async function extentsOf(directory: string, file: string): Promise<Extent[]> {
  const printed = await runCommand("filefrag", "-v", `-b${PAGE}`, `${directory}/${file}`);
  return printed.split("\n").flatMap((line) => {
    const match = /^\s*\d+:\s*(\d+)\.\.\s*\d+:\s*(\d+)\.\.\s*\d+:\s*(\d+):/.exec(line);
    if (match === null) return [];
    const [page, diskPage, pages] = match.slice(1).map(Number) as [number, number, number];
    return [{ file, page, diskPage, pages }];
  });
}

/** The part of a file that a request reads or writes. */
interface Place {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/** Where a request is; null: in none of the extents. Fails if it is partly in one. */
function placeOf({ sector, bytes }: Row, extents: readonly Extent[]): Place | null {
  const first = Number(sector) * SECTOR / PAGE;
  const last = first + Number(bytes) / PAGE - 1;
  const found = extents.find(({ diskPage, pages }) => first < diskPage + pages && last >= diskPage);
  if (found === undefined) return null;
  const { file, page, diskPage, pages } = found;
  assert.ok(
    first >= diskPage && last < diskPage + pages,
    `a request at sector ${sector} is partly in ${file}`,
  );
  return { file, first: page + first - diskPage, last: page + last - diskPage };
}

const isData = ({ type, bytes }: Row): boolean => (type === "R" || type === "W") && Number(bytes) > 0;
const bytesOf = (rows: readonly Row[], matches: (row: Row) => boolean): number =>
  sumColumn(rows, "bytes", matches);

/** The tools' rows beside the workload on the file system. */
async function watchOn(
  directory: string,
  ...tools: readonly (readonly string[])[]
): Promise<{ watched: Watched[]; pids: Pids }> {
  const device = await runCommand("findmnt", "--noheadings", "--output", "SOURCE", directory);
  const disk = device.slice("/dev/".length);
  const watched = await watchTogether(
    ["block_files", directory],
    tools.map(([tool, ...args]) => [tool!, "-d", disk, ...args]),
    undefined,
    () => [],
  );
  const { own, one, two } = watched[0]!.measured;
  return { watched, pids: { own: own!, one: one!, two: two! } };
}

Deno.test("biosnoop names the file in whose extents a request is, and the process that wrote those pages", () =>
  retryHidden(() =>
    withExt4(async (directory) => {
      const { watched, pids } = await watchOn(directory, ["biosnoop"]);
      const { rows } = watched[0]!;
      const { own, one, two } = pids;
      assert.deepEqual(wrongFiles(rows, pids), []);
      for (const [file, pages] of Object.entries(WRITTEN)) {
        assert.equal(bytesOf(rows, isOf("W", file)), pages * PAGE, file);
      }
      const ownDirect = (letter: string): number =>
        bytesOf(rows, (row) =>
          isOf(letter, null)(row) && row.pid === own && !/Metadata/.test(String(row.flags)));
      assert.equal(ownDirect("R"), DIRECT.reads * PAGE);
      assert.equal(ownDirect("W"), DIRECT.writes * PAGE);
      const kept = ["written", "first", "second", "mapped", "halves", "source", "direct"];
      const extents = (await Promise.all(kept.map((file) =>
        extentsOf(directory, file)
      ))).flat();
      const inode = Object.fromEntries(kept.map((file) => [file, Deno.statSync(`${directory}/${file}`).ino]));
      for (const row of rows.filter(isData)) {
        if (row.file === "deleted") continue;
        const place = placeOf(row, extents);
        const file = place === null || place.file === "direct" ? null : place.file;
        assert.equal(row.file, file, JSON.stringify(row));
        assert.equal(row.inode, file === null ? null : inode[file]);
        if (place?.file !== "halves") continue;
        const writer = (page: number): number => page < HALVES.one ? one : two;
        const [first, last] = [writer(place.first), writer(place.last)];
        assert.equal(row.writer_pid, first === last ? first : null, JSON.stringify(row));
      }
      assert.equal(bytesOf(rows, ({ file }) => file === "halves"), (HALVES.one + HALVES.two) * PAGE);
      assert.ok(
        rows.some((row) =>
          row.file === "written" && row.type === "W" && String(row.comm).startsWith("kworker")
        ),
      );
    })
  ));

/** The process to which biotop charges a request. */
const charged = ({ writer_pid, pid }: Row): Row[string] => writer_pid ?? pid ?? null;

Deno.test("biotop charges requests to the process that wrote, by file with --files, and filters select by it", () =>
  retryHidden(() =>
    withExt4(async (directory) => {
      const { watched, pids: { one } } = await watchOn(
        directory,
        ["biosnoop"],
        ["biotop"],
        ["biotop", "--files"],
        ["biotop", "--comm", "one"],
        ["biosnoop", "--comm", "one"],
      );
      const [events, byProcess, byFile, ofOne, eventsOfOne] = watched.map(({ rows }) => rows);
      const pages = Object.values(WRITTEN).reduce((a, b) => a + b, 0);
      const inHalves = bytesOf(events!, (row) => row.file === "halves" && row.writer_pid === one);
      const written = pages * PAGE + inHalves;
      assert.equal(bytesOf(byProcess!, ({ pid }) => pid === one), written);
      for (const pid of new Set(events!.map(charged))) {
        for (const letter of ["R", "W"]) {
          const wanted = events!.filter((row) => row.type === letter && charged(row) === pid);
          for (const found of [byProcess!, byFile!]) {
            const rows = found.filter((row) => row.type === letter && row.pid === pid);
            assert.deepEqual(
              ["ios", "bytes", "written_back"].map((key) => sumColumn(rows, key)),
              [
                wanted.length,
                sumColumn(wanted, "bytes"),
                wanted.filter((row) => row.writer_pid !== null && row.writer_pid !== row.pid).length,
              ],
              `${letter} of ${pid}`,
            );
          }
        }
      }
      for (const file of [...Object.keys(WRITTEN), "halves", "source", null]) {
        const sums = [byFile!, events!].map((rows) => bytesOf(rows, (row) => row.file === file));
        assert.equal(sums[0], sums[1], `${file}`);
      }
      assert.ok(byProcess!.every((row) => row.file === null && row.inode === null));
      assert.ok(ofOne!.every((row) => row.pid === one && row.comm === "one"));
      assert.equal(sumColumn(ofOne!, "bytes"), written);
      assert.ok(eventsOfOne!.every((row) => row.writer_pid === one));
      assert.equal(sumColumn(eventsOfOne!, "bytes"), written);
    })
  ));

/** Those of files that are next to each other on the disk are merged: they have no file, and a writer if it is the same. */
Deno.test({
  name:
    "biosnoop names the files and writers of requests on btrfs, also where the writers of several files are one process",
  ignore: !hasBtrfs,
  fn: () =>
    retryHidden(() =>
      withBtrfs([], async (directory) => {
        const { watched, pids } = await watchOn(directory, ["biosnoop"]);
        const { rows } = watched[0]!;
        assert.deepEqual(wrongFiles(rows, pids), []);
        const pages = Object.values(WRITTEN).reduce((a, b) => a + b, 0);
        const bytes = bytesOf(rows, (row) => row.writer_pid === pids.one) / PAGE;
        assert.ok(bytes <= pages + HALVES.one, `${bytes} pages`);
        assert.ok(bytes >= WRITTEN.written! + WRITTEN.first! + WRITTEN.deleted!, `${bytes} pages`);
      })
    ),
});

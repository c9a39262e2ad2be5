import assert from "node:assert/strict";
import { demoColumn } from "../../tests/support/demo_columns.ts";
import { demoTick } from "../../tests/support/demo_tools.ts";
import { modelOf } from "../../tests/support/recordings.ts";
import { REST_KEY, type Tick, type ToolInfo } from "../model/mod.ts";
import { batchText } from "./batch.ts";
import { csvFormat } from "./csv.ts";
import { ndjsonFormat } from "./ndjson.ts";

const NAME = demoColumn("file", { unit: "text", align: "left", width: 8 });
const READS = demoColumn("reads");
const TIME = Date.parse("2026-11-20T18:00:00.000Z");

Deno.test("formats show the rest of a recorded tick, and not as lost", () => {
  const columns = [NAME, READS];
  const table = demoTick([{ file: "a", reads: 5 }, { file: "(other)", reads: 30, [REST_KEY]: 4 }]);
  const events = demoTick([{ file: "a", reads: 5 }], {
    droppedRows: 4,
    rest: { rows: 4, sums: { reads: 30 } },
  });
  const nothing = { events: 0, keys: 0, runs: 0 };
  const json = [table, events].map((one) => JSON.parse(ndjsonFormat({ columns }).tick(one)));
  assert.deepEqual(json.map(({ rest, lost, rows }) => [rest, lost, rows.length]), [
    [{ rows: 4 }, nothing, 2],
    [{ rows: 4, sums: { reads: 30 } }, nothing, 1],
  ]);
  assert.deepEqual(json[0].rows[1], { file: "(other)", reads: 30 });
  const csv = csvFormat({ columns, recorded: true });
  const head = `${new Date(TIME).toISOString()},2.000000,fentry,0,0`;
  assert.match(csv.begin(""), /,file,reads,lost_runs,rest_rows\n$/);
  assert.equal(csv.tick(table), `${head},a,5,0,\n${head},(other),30,0,4\n`);
  assert.equal(csv.tick(events), `${head},a,5,0,\n${head},,30,0,4\n`);
  const text = (view: ToolInfo["view"], one: Tick): string => {
    const [first] = modelOf(1).tools;
    return batchText({
      ...modelOf(1),
      tools: [{ ...first!, tool: { ...first!.tool, view, columns, textRows: 1 }, tick: one }],
    });
  };
  assert.match(text("table", table), /\na +5\n\(other\) +30\nREST: \(other\) is the sum of 4 rows\.\n/);
  assert.match(text("events", events), /\na +5\nREST: 4 more events in this interval; only their number/);
  assert.doesNotMatch(text("table", table) + text("events", events), /LOST/);
});

/**
 * Program: records generated ticks, one a second of a fast clock, into a directory until it is killed or the disk is full.
 * Prints the number of each tick once it is on the disk. The clock goes on after the last recorded tick.
 *
 *     deno run -A generated_recorder.ts DIR FIRST KEEP_MS MAX_BYTES
 *
 * @module
 */
import {
  DirectoryRecorder,
  directoryStore,
  recordingHeader,
  recordingPieces,
  tickSummary,
} from "../../src/recording/mod.ts";
import { modelOf, STARTED } from "./recordings.ts";

const [directory, first, keepMs, maxBytes] = Deno.args as [string, string, string, string];
const limits = { keepMs: Number(keepMs), maxBytes: Number(maxBytes) };
const recorder = await DirectoryRecorder.open(
  directoryStore(directory),
  limits,
  STARTED + Number(first) * 1000,
);
const encoder = new TextEncoder();
for (let second = Number(first);; second++) {
  const model = modelOf(second);
  await recorder.write(
    tickSummary(model),
    () => recordingHeader({ model, requests: [], ktop: "0.1.0" }),
    (number) => recordingPieces(model, number),
  );
  Deno.stdout.writeSync(encoder.encode(`${second} ${recorder.bytes}\n`));
}

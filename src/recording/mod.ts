/**
 * Recordings read: from bytes of a stranger to the same model that the live monitor makes. This folder knows neither BPF nor
 * the kernel nor a terminal, and runs wherever Deno does; only `source.ts` opens anything.
 *
 * @module
 */
export { RecordingError } from "./fields.ts";
export { checkRecordingPath, createRecording, type RecordingSink } from "./file.ts";
export { Head } from "./head.ts";
export { Recording } from "./recording.ts";
export { Replay } from "./replay.ts";
export { bytesSource, fileSource, type Source, stdinSource } from "./source.ts";
export { recordingHeader, recordingTick } from "./writer.ts";

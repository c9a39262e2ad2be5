/**
 * Recordings: the format, a writer and a reader of it, and a replay that takes the place of the live monitor. Recordings may
 * come from anywhere: everything read from one is checked and escaped. This room needs neither BPF nor privileges nor a
 * terminal.
 *
 * @module
 */
export { RecordingError } from "./fields.ts";
export { RecordingReader } from "./reader.ts";
export { Replay } from "./replay.ts";
export { initialModel, nextModel } from "./replay_model.ts";
export { checkRecordingPath, createRecording, type RecordingSink } from "./sink.ts";
export { bytesSource, fileSource, type Source, stdinSource } from "./source.ts";
export { recordingHeader, recordingTick } from "./writer.ts";

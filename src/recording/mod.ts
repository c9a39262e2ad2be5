/**
 * Recordings: format, writer, reader, and a replay that implements the monitor interface. A recording is untrusted input:
 * every field is validated and escaped. This room must not depend on BPF, privileges or a terminal.
 *
 * @module
 */
export { joinBytes } from "./bytes.ts";
export { DirectoryReader } from "./directory/reader.ts";
export { DirectoryRecorder, type RecorderLimits } from "./directory/recorder.ts";
export { tickSummary } from "./directory/segment_writer.ts";
export { directoryStore, type SegmentStore } from "./directory/store.ts";
export { RecordingError } from "./fields.ts";
export { MAX_LINE_BYTES, type RecordedTick, type RecordedTool, type RecordingHeader } from "./format.ts";
export { recordingRange } from "./range.ts";
export { type Recording, RecordingReader } from "./reader.ts";
export { pastRecording } from "./past.ts";
export { Replay } from "./replay.ts";
export { initialModel, limited, nextModel, withoutHistory } from "./replay_model.ts";
export { checkRecordingPath, createRecording, type RecordingSink, recordingSink } from "./sink.ts";
export { bytesSource, fileSource, type Source, stdinSource } from "./source.ts";
export { recordingHeader, recordingPieces, recordingTick } from "./writer.ts";

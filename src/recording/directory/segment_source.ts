/**
 * A segment as the source of a recording.
 *
 * @module
 */
import { shownValue } from "../../text/mod.ts";
import { gunzip } from "../gunzip.ts";
import type { Source } from "../source.ts";
import type { SegmentName } from "./names.ts";
import type { SegmentStore } from "./store.ts";

/** Offsets count compressed bytes and must be those of blocks; 0 reads from the header on. */
export function segmentSource(store: SegmentStore, { data }: SegmentName): Source {
  return {
    name: store.name + shownValue(data),
    seekable: true,
    read: (offset) => gunzip(store.read(data, offset)),
  };
}

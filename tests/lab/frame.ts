/**
 * The frames between the lab and the agent in a machine (`guest/agent.c`). Their channel is not the console, and each has a
 * magic number and a checksum, so that no kernel message can be taken for a result.
 *
 * Frame: "KTOP", u32 payload length, u32 CRC-32 of the payload, payload. Payload: u8 type, u32 id, data. Little endian.
 *
 * @module
 */

/** Types of frames. The first three go to the agent, the others come from it. */
export const FrameType = {
  /** Start a program; data: the arguments, each ended by NUL. */
  start: "S",
  /** Send a signal; data: u32 number. */
  kill: "K",
  /** End the agent. */
  bye: "B",
  /** The agent has started. */
  hello: "H",
  /** A program was started; data: u32 pid. */
  pid: "P",
  /** Standard output of a program. */
  output: "O",
  /** Standard error of a program. */
  errors: "E",
  /** A program ended; data: u32 exit status, 128 + signal when killed. */
  exit: "X",
} as const;

/** One message: its type (a letter of {@linkcode FrameType}), the id of the program, and its data. */
export interface Frame {
  readonly type: string;
  readonly id: number;
  readonly data: Uint8Array;
}

const MAGIC = new TextEncoder().encode("KTOP");
const HEADER = 12;
/** The size of the agent's buffer, bytes: no payload is longer. */
const MAX_PAYLOAD = 65536 + 5;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32 of IEEE 802.3, as zlib computes it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The bytes of one frame. */
export function encodeFrame(frame: Frame): Uint8Array {
  const bytes = new Uint8Array(HEADER + 5 + frame.data.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(4, 5 + frame.data.length, true);
  bytes[HEADER] = frame.type.charCodeAt(0);
  view.setUint32(HEADER + 1, frame.id, true);
  bytes.set(frame.data, HEADER + 5);
  view.setUint32(8, crc32(bytes.subarray(HEADER)), true);
  return bytes;
}

/** Thrown when the channel carries something other than frames. */
export class GarbageError extends Error {
  override name = "GarbageError";
}

/** Decodes a stream of bytes into frames; a chunk may end anywhere. */
export class FrameDecoder {
  #pending = new Uint8Array(0);

  /** The frames that this chunk completes. Throws {@linkcode GarbageError} at the first byte that is not part of a frame. */
  push(chunk: Uint8Array): Frame[] {
    const bytes = new Uint8Array(this.#pending.length + chunk.length);
    bytes.set(this.#pending);
    bytes.set(chunk, this.#pending.length);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const frame = this.#next(bytes.subarray(at));
      if (frame === null) break;
      frames.push(frame);
      at += HEADER + 5 + frame.data.length;
    }
    this.#pending = bytes.slice(at);
    return frames;
  }

  /** The first frame of these bytes; null while it is incomplete. */
  #next(bytes: Uint8Array): Frame | null {
    const known = Math.min(bytes.length, MAGIC.length);
    for (let i = 0; i < known; i++) {
      if (bytes[i] !== MAGIC[i]) throw new GarbageError(`not a frame: ${printable(bytes.subarray(0, 64))}`);
    }
    if (bytes.length < HEADER) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const length = view.getUint32(4, true);
    if (length < 5 || length > MAX_PAYLOAD) throw new GarbageError(`frame of impossible length ${length}`);
    if (bytes.length < HEADER + length) return null;
    const payload = bytes.subarray(HEADER, HEADER + length);
    if (crc32(payload) !== view.getUint32(8, true)) throw new GarbageError("frame with a wrong checksum");
    return {
      type: String.fromCharCode(payload[0]!),
      id: view.getUint32(HEADER + 1, true),
      data: payload.slice(5),
    };
  }
}

/** Bytes as text for a message: other bytes than printable ASCII as `\xNN`. */
function printable(bytes: Uint8Array): string {
  return Array.from(
    bytes,
    (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("");
}

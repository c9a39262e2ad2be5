/**
 * The frames between the harness and the agent in a machine (`guest/agent.c`). They travel on a channel of their own, never
 * on the console, and carry a magic word and a checksum, so that nothing a kernel prints can be taken for a result.
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
  /** The agent is there. */
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

/** One message: its type (a letter of {@linkcode FrameType}), the program it is about, and its data. */
export interface Frame {
  readonly type: string;
  readonly id: number;
  readonly data: Uint8Array;
}

const MAGIC = new TextEncoder().encode("KTOP");
const HEADER = 12;
/** The agent's buffer: a longer payload is not a frame. */
const MAX_PAYLOAD = 65536 + 5;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32 as in IEEE 802.3 (the one of zlib). */
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

/** Thrown when the channel carries anything but frames. */
export class GarbageError extends Error {
  override name = "GarbageError";
}

/** Cuts a stream of bytes into frames; chunks may end anywhere. */
export class FrameDecoder {
  #pending = new Uint8Array(0);

  /** The frames completed by this chunk. Throws {@linkcode GarbageError} at the first byte that cannot be a frame. */
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

  /** The frame these bytes begin with; null while it is incomplete. */
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

/** Bytes as text for a message: anything but printable ASCII as `\xNN`. */
function printable(bytes: Uint8Array): string {
  return Array.from(
    bytes,
    (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("");
}

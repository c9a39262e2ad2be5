/**
 * Writes a cpio archive in the "newc" format, which the kernel unpacks as its first root file system
 * (Documentation/driver-api/early-userspace/buffer-format.rst). It is not compressed: in a guest unpacking costs more than reading.
 *
 * @module
 */

/** One entry: a directory, a symbolic link or a regular file. Paths are relative to the root. */
export type Entry =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | {
    readonly kind: "file";
    readonly path: string;
    readonly bytes: Uint8Array;
    readonly executable: boolean;
  };

const text = new TextEncoder();

/** The archive of these entries, in their order: a directory must come before its files. */
export function cpio(entries: readonly Entry[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  entries.forEach((entry, index) => parts.push(...record(entry, index + 1)));
  parts.push(...member("TRAILER!!!", { inode: 0, mode: 0, links: 1 }, new Uint8Array()));
  return parts;
}

function record(entry: Entry, inode: number): Uint8Array[] {
  switch (entry.kind) {
    case "directory":
      return member(entry.path, { inode, mode: 0o040755, links: 2 }, new Uint8Array());
    case "link":
      return member(entry.path, { inode, mode: 0o120777, links: 1 }, text.encode(entry.target));
    case "file":
      return member(
        entry.path,
        { inode, mode: entry.executable ? 0o100755 : 0o100644, links: 1 },
        entry.bytes,
      );
  }
}

/** Header, name and data, each padded with zeros to a multiple of four bytes. */
function member(
  path: string,
  status: { inode: number; mode: number; links: number },
  bytes: Uint8Array,
): Uint8Array[] {
  const name = text.encode(`${path}\0`);
  const fields = [status.inode, status.mode, 0, 0, status.links, 0, bytes.length, 0, 0, 0, 0, name.length, 0];
  const header = text.encode("070701" + fields.map((field) => field.toString(16).padStart(8, "0")).join(""));
  return [
    header,
    name,
    new Uint8Array(pad(header.length + name.length)),
    bytes,
    new Uint8Array(pad(bytes.length)),
  ];
}

function pad(length: number): number {
  return (4 - length % 4) % 4;
}

/**
 * The local time zone, from libc: TZ in each of its forms, else /etc/localtime (tzset(3)).
 *
 * @module
 */
import { escapeText, type Zone } from "../text/mod.ts";
import { libc } from "./libc.ts";
import { readCString } from "./memory.ts";

/** struct tm of glibc on 64 bits, include time/bits/types/struct_tm.h: long tm_gmtoff, const char *tm_zone. */
const TM = { size: 56, gmtoff: 40, zone: 48 } as const;

const seconds = new BigInt64Array(1);
const secondsBytes = new Uint8Array(seconds.buffer);
const fields = new Uint8Array(TM.size);
const view = new DataView(fields.buffer);

let tzsetCalled = false;

/** The local time zone at a moment, milliseconds since the epoch, as date(1) uses it. UTC if libc cannot represent the moment. */
export function localZone(ms: number): Zone {
  // localtime_r need not read TZ by itself (localtime_r(3p)).
  if (!tzsetCalled) libc().tzset();
  tzsetCalled = true;
  seconds[0] = BigInt(Math.floor(ms / 1000));
  if (libc().localtime_r(secondsBytes, fields) === null) return { name: "UTC", offsetS: 0 };
  const name = readCString(Deno.UnsafePointer.create(view.getBigUint64(TM.zone, true)));
  return { name: escapeText(name), offsetS: Number(view.getBigInt64(TM.gmtoff, true)) };
}

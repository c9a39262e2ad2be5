import assert from "node:assert/strict";
import { parseMapInfo } from "./kernel_memory.ts";

Deno.test("parseMapInfo() reads id and memory of a map, and null of other descriptors", () => {
  const common = "pos:\t0\nflags:\t02000002\nmnt_id:\t16\nino:\t1056\n";
  const map = "map_type:\t27\nkey_size:\t0\nvalue_size:\t0\nmax_entries:\t4194304\nmap_flags:\t0x0\n" +
    "map_extra:\t0x0\nmemlock:\t4268376\nmap_id:\t91\nfrozen:\t0\n";
  assert.deepEqual(parseMapInfo(common + map), { id: "91", bytes: 4_268_376 });
  assert.equal(parseMapInfo(common), null);
  assert.equal(parseMapInfo(`${common}prog_type:\t26\nmemlock:\t4096\nprog_id:\t7\n`), null);
});

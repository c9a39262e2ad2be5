import assert from "node:assert/strict";
import { parseConfig } from "./kernel_config.ts";

Deno.test("parseConfig() returns y, m or n for each relevant option of a .config", () => {
  const options = parseConfig(
    "#\n# Linux\n#\nCONFIG_BPF_SYSCALL=y\n# CONFIG_KPROBES is not set\nCONFIG_FPROBE=m\nCONFIG_KPROBES_ON=y\n",
  );
  assert.equal(options.get("CONFIG_BPF_SYSCALL"), "y");
  assert.equal(options.get("CONFIG_FPROBE"), "m");
  assert.equal(options.get("CONFIG_KPROBES"), "n");
  assert.equal(options.get("CONFIG_DEBUG_INFO_BTF"), "n");
  assert.equal(options.has("CONFIG_KPROBES_ON"), false);
});

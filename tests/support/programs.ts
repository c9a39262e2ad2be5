/**
 * The BPF programs in the kernel now, as bpftool(8) sees them.
 *
 * @module
 */

/** Names of the programs that ktop loads end in their tier; libbpf hands the kernel up to 15 characters, BTF the rest. */
const TIER = /__(fentry|kprobe|tracepoint)$/;

/** Ids of ktop's programs, whoever loaded them. */
export async function ktopPrograms(): Promise<number[]> {
  const { stdout } = await new Deno.Command("bpftool", {
    args: ["-j", "prog", "list"],
    env: { PATH: `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin` },
  }).output();
  const programs: { id: number; name?: string }[] = JSON.parse(new TextDecoder().decode(stdout));
  return programs.filter(({ name }) => name !== undefined && TIER.test(name)).map(({ id }) => id);
}

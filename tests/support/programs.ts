/**
 * The BPF programs that are loaded, as bpftool(8) lists them.
 *
 * @module
 */

/** The end of the names of ktop's programs. The kernel keeps 15 characters of a name, and BTF has all of them. */
const TIER = /__(fentry|kprobe|tracepoint)$/;

/** Ids of the programs of all ktop processes. */
export async function ktopPrograms(): Promise<number[]> {
  const { stdout } = await new Deno.Command("bpftool", {
    args: ["-j", "prog", "list"],
    env: { PATH: `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin` },
  }).output();
  const programs: { id: number; name?: string }[] = JSON.parse(new TextDecoder().decode(stdout));
  return programs.filter(({ name }) => name !== undefined && TIER.test(name)).map(({ id }) => id);
}

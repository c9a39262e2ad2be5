/**
 * The BPF programs that are loaded, as bpftool(8) lists them, and those of one process.
 *
 * @module
 */

/** Ids of all loaded programs. */
export async function loadedPrograms(): Promise<number[]> {
  const { stdout } = await new Deno.Command("bpftool", {
    args: ["-j", "prog", "list"],
    env: { PATH: `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin` },
  }).output();
  const programs: { id: number }[] = JSON.parse(new TextDecoder().decode(stdout));
  return programs.map(({ id }) => id);
}

/** Ids of the programs to which a process has descriptors of programs or links; none when it has ended. */
export function programsOf(pid: number): number[] {
  const ids = new Set<number>();
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/fdinfo`)) {
      const id = /^prog_id:\s+(\d+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/fdinfo/${name}`))?.[1];
      if (id !== undefined) ids.add(Number(id));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return [...ids];
}

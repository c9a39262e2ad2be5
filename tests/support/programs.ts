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

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return ""; // closed by now
    throw error;
  }
}

/** Ids of the programs to which a process has descriptors of programs or links; none when it has ended. */
export function programsOf(pid: number): number[] {
  let names: string[];
  try {
    names = [...Deno.readDirSync(`/proc/${pid}/fdinfo`)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const ids = names.flatMap((name) => {
    const id = /^prog_id:\s+(\d+)$/m.exec(textOf(`/proc/${pid}/fdinfo/${name}`))?.[1];
    return id === undefined ? [] : [Number(id)];
  });
  return [...new Set(ids)];
}

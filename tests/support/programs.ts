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

/** The values of a field in the fdinfo of a process's descriptors; none when it has ended. */
function fdinfo(pid: number, field: string): number[] {
  const pattern = new RegExp(`^${field}:\\s+(\\d+)$`, "m");
  try {
    return [...Deno.readDirSync(`/proc/${pid}/fdinfo`)].flatMap(({ name }) => {
      const value = pattern.exec(textOf(`/proc/${pid}/fdinfo/${name}`))?.[1];
      return value === undefined ? [] : [Number(value)];
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Ids of the programs to which a process has descriptors of programs or links. */
export const programsOf = (pid: number): number[] => [...new Set(fdinfo(pid, "prog_id"))];

/** Ids of the links by which a process keeps programs attached. */
export const linksOf = (pid: number): number[] => fdinfo(pid, "link_id");

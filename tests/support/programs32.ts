/**
 * Whether this machine starts 32-bit programs.
 *
 * @module
 */
import { TemporaryDirectory } from "./directory.ts";

/** An ELF file of i386 with this code, which is loaded as a whole and starts behind its headers. */
function elf32(code: readonly number[]): Uint8Array {
  const address = 0x0804_8000, headers = 52 + 32, size = headers + code.length;
  const bytes = new Uint8Array(size);
  const words = (at: number, values: readonly number[]) =>
    new Uint32Array(values).forEach((value, index) =>
      new DataView(bytes.buffer).setUint32(at + 4 * index, value, true)
    );
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  // e_type ET_EXEC and e_machine EM_386, e_version, e_entry, e_phoff, e_shoff, e_flags, sizes of header and program header, e_phnum
  words(16, [0x0003_0002, 1, address + headers, 52, 0, 0, 0x0020_0034, 1]);
  // PT_LOAD, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, PF_R and PF_X, p_align
  words(52, [1, 0, address, address, size, size, 5, 0x1000]);
  bytes.set(code, headers);
  return bytes;
}

/** mov eax, 1 (exit); mov ebx, 32; int 0x80 */
const EXIT_WITH_32 = [0xb8, 1, 0, 0, 0, 0xbb, 32, 0, 0, 0, 0xcd, 0x80];

/**
 * Whether this machine starts 32-bit programs of x86. The processor, the hypervisor (PVM) or the kernel (`ia32_emulation=off`) may
 * refuse them with "Exec format error".
 */
export async function starts32BitPrograms(): Promise<boolean> {
  if (Deno.build.arch !== "x86_64") return false;
  await using directory = await TemporaryDirectory.make();
  const program = `${directory.path}/exit32`;
  await Deno.writeFile(program, elf32(EXIT_WITH_32), { mode: 0o755 });
  try {
    const { code } = await new Deno.Command(program).output();
    if (code !== 32) throw new Error(`a 32-bit program ended with ${code}, not 32`);
    return true;
  } catch (error) {
    if (error instanceof Error && /Exec format error/.test(error.message)) return false;
    throw error;
  }
}

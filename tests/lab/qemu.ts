/**
 * Boots a kernel in QEMU without hardware virtualisation and connects to the agent in the guest.
 *
 * `thread=single`: with one host thread for each virtual CPU, QEMU 7.2 sometimes shows a virtual CPU the breakpoint that another
 * CPU is writing over an instruction (jump labels, ftrace), and the guest dies of a spurious "Oops: int3". One host thread is
 * hardly slower, and two guests keep two cores busy.
 *
 * `no_timer_check`: on a busy host the guest's check of its timer, which takes a few milliseconds, sometimes fails, and the
 * guest panics ("IO-APIC + timer doesn't work").
 *
 * `-cx16`: QEMU 7.2 sometimes leaves garbage in the flags after cmpxchg16b, which SLUB uses, and the guest dies of a "double
 * fault". Without the instruction kernels use other code.
 *
 * @module
 */
import { findFault } from "./console.ts";
import { Machine } from "./machine.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { LabError } from "./pins.ts";

const QEMU = "qemu-system-x86_64";

/** A guest to boot. */
export interface Boot {
  /** Path of the kernel image. */
  readonly vmlinuz: string;
  /** Path of the archive with the root file system. */
  readonly initramfs: string;
  /** Directory for the console's text and the disk. */
  readonly directory: string;
  /** Parameters added to the kernel's command line. */
  readonly append?: readonly string[];
  /** Number of virtual CPUs. */
  readonly cpus: number;
}

/** A booted guest. */
export interface Guest {
  readonly machine: Machine;
  /** Path of the console's text. */
  readonly console: string;
  /** Powers the guest off; returns the fault that its kernel reported, or null. */
  stop(): Promise<string | null>;
}

const running = new Set<Deno.ChildProcess>();

/** Kills all guests, for the exit of the lab. */
export function killGuests(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** The arguments of QEMU, except those for the serial ports. */
function machineArguments(boot: Boot): string[] {
  // deno-fmt-ignore
  return [
    "-accel", "tcg,thread=single", "-M", "q35", "-cpu", "max,-cx16", "-smp", String(boot.cpus), "-m", "2048",
    "-nodefaults", "-nographic", "-no-reboot", "-kernel", boot.vmlinuz, "-initrd", boot.initramfs,
    "-drive", `file=${makeDisk(boot).replaceAll(",", ",,")},if=none,id=disk,format=raw,cache=unsafe`, "-device", "nvme,drive=disk,serial=lab",
    "-append", ["console=ttyS0", "quiet", "panic=-1", "mitigations=off", "no_timer_check", ...boot.append ?? []].join(" "),
  ];
}

/** Size of a guest's disk, bytes. */
const DISK_SIZE = 512 << 20;

/**
 * Makes a guest's empty disk and returns its path. It is /dev/nvme0n1 in the guest: the only kind of disk whose driver all
 * kernels have built in.
 */
function makeDisk(boot: Boot): string {
  const path = `${boot.directory}/disk`;
  Deno.writeFileSync(path, new Uint8Array());
  Deno.truncateSync(path, DISK_SIZE);
  return path;
}

/** Throws {@linkcode LabError} unless QEMU is installed. */
export async function requireQemu(): Promise<void> {
  try {
    await new Deno.Command(QEMU, { args: ["--version"], stdout: "null" }).output();
  } catch {
    throw new LabError(`${QEMU} is missing: install the package qemu-system-x86`);
  }
}

/** Boots and waits up to 120 s for the agent. The machine fails when the guest ends by itself. */
export async function bootGuest(boot: Boot): Promise<Guest> {
  // The path of a socket has 107 bytes at most: that of the working tree may be longer.
  await using sockets = await TemporaryDirectory.make("ktop-channel-");
  const path = `${sockets.path}/channel`;
  const log = `${boot.directory}/console`;
  const listener = Deno.listen({ transport: "unix", path });
  const child = new Deno.Command(QEMU, {
    args: [...machineArguments(boot), "-serial", `file:${log}`, "-serial", `unix:${path}`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  running.add(child);
  child.status.then(() => running.delete(child));
  const errors = new Response(child.stderr).text();
  const first = await Promise.race([listener.accept(), child.status]);
  listener.close();
  if ("success" in first) throw new LabError(`${QEMU} did not start: ${(await errors).trim()}`);
  const machine = new Machine(first);
  child.status.then(() => machine.fail("the guest ended"));
  const guest = {
    machine,
    console: log,
    async stop() {
      await machine.close();
      const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await child.status;
      clearTimeout(timer);
      await errors;
      return findFault(await Deno.readTextFile(log));
    },
  };
  try {
    await machine.hello(120_000);
    return guest;
  } catch (error) {
    child.kill("SIGKILL");
    const fault = await guest.stop();
    throw fault ? machine.fail(fault) : error;
  }
}

/** Boots with the guest's console, and a shell on it, on this terminal. */
export async function bootShell(boot: Boot): Promise<number> {
  const args = [
    ...machineArguments({ ...boot, append: [...boot.append ?? [], "lab=shell"] }),
    "-serial",
    "mon:stdio",
  ];
  console.error("lab: a busybox shell; ktop and the workloads are in /bin; leave with exit or Ctrl-A x");
  const { code } = await new Deno.Command(QEMU, {
    args,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  })
    .spawn().status;
  return code;
}

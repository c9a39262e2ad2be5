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
 * `rcu_cpu_stall_timeout` and `watchdog_thresh`: the kernel reports a CPU that got nowhere for 21 s, which takes no fault in a guest
 * that waits for a busy host. The longest times that it accepts still find a CPU that is stuck, before a case gives up.
 *
 * On arm64: pointer authentication and vectors of variable length (SVE, SME), which slow QEMU down, are off. The machine "virt" has
 * one serial port; the agent's is on a PCI card.
 *
 * @module
 */
import { type Fault, findFault } from "./console.ts";
import { Machine } from "./machine.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { type Architecture, LabError } from "./pins.ts";

/** The name of QEMU for an architecture. */
const qemuOf = (architecture: Architecture): string => `qemu-system-${architecture}`;

/** Options and kernel parameters of each architecture; `agent` is the agent's port in the guest. */
const MACHINES: Readonly<
  Record<
    Architecture,
    { readonly options: readonly string[]; readonly parameters: readonly string[]; readonly agent: string }
  >
> = {
  x86_64: {
    options: ["-M", "q35", "-cpu", "max,-cx16"],
    parameters: ["console=ttyS0", "no_timer_check"],
    agent: "ttyS1",
  },
  aarch64: {
    options: ["-M", "virt", "-cpu", "max,pauth=off,sve=off,sme=off"],
    parameters: ["console=ttyAMA0"],
    agent: "ttyS0",
  },
};

/** After how many seconds the kernel reports a CPU that is stuck: in RCU, and to the watchdog (twice the threshold). */
const PATIENCE = ["rcupdate.rcu_cpu_stall_timeout=300", "watchdog_thresh=60"];

/** A guest to boot. */
export interface Boot {
  readonly architecture: Architecture;
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
  stop(): Promise<Fault | null>;
}

const running = new Set<Deno.ChildProcess>();

/** Kills all guests, for the exit of the lab. */
export function killGuests(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** The arguments of QEMU, except those for the serial ports. */
function machineArguments(boot: Boot): string[] {
  const { options, parameters, agent } = MACHINES[boot.architecture];
  // deno-fmt-ignore
  return [
    "-accel", "tcg,thread=single", ...options, "-smp", String(boot.cpus), "-m", "2048",
    "-nodefaults", "-nographic", "-no-reboot", "-kernel", boot.vmlinuz, "-initrd", boot.initramfs,
    "-drive", `file=${makeDisk(boot).replaceAll(",", ",,")},if=none,id=disk,format=raw,cache=unsafe`, "-device", "nvme,drive=disk,serial=lab",
    "-append", [...parameters, ...PATIENCE, "quiet", "panic=-1", "mitigations=off", `agent=${agent}`, ...boot.append ?? []].join(" "),
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

/** Throws {@linkcode LabError} unless QEMU for the architecture is installed. */
export async function requireQemu(architecture: Architecture): Promise<void> {
  const name = qemuOf(architecture);
  try {
    await new Deno.Command(name, { args: ["--version"], stdout: "null" }).output();
  } catch {
    const debian = architecture === "x86_64" ? "qemu-system-x86" : "qemu-system-arm";
    throw new LabError(`${name} is missing: install the package ${debian}`);
  }
}

/** The arguments for the agent's serial port, which is connected to a socket. */
function agentPort(architecture: Architecture, socket: string): string[] {
  return architecture === "x86_64"
    ? ["-serial", `unix:${socket}`]
    : ["-chardev", `socket,id=agent,path=${socket}`, "-device", "pci-serial,chardev=agent"];
}

/** Boots and waits up to 120 s for the agent. The machine fails when the guest ends by itself. */
export async function bootGuest(boot: Boot): Promise<Guest> {
  // The path of a socket has 107 bytes at most: that of the working tree may be longer.
  await using sockets = await TemporaryDirectory.make("ktop-channel-");
  const path = `${sockets.path}/channel`;
  const log = `${boot.directory}/console`;
  const listener = Deno.listen({ transport: "unix", path });
  const qemu = qemuOf(boot.architecture);
  const child = new Deno.Command(qemu, {
    args: [...machineArguments(boot), "-serial", `file:${log}`, ...agentPort(boot.architecture, path)],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  running.add(child);
  child.status.then(() => running.delete(child));
  const errors = new Response(child.stderr).text();
  const first = await Promise.race([listener.accept(), child.status]);
  listener.close();
  if ("success" in first) throw new LabError(`${qemu} did not start: ${(await errors).trim()}`);
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
    throw fault ? machine.fail(fault.message) : error;
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
  const { code } = await new Deno.Command(qemuOf(boot.architecture), {
    args,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code;
}

/**
 * The committed table of what each tool does on each kernel (`expectations.json`): the tier that ktop chooses, and for each
 * forced tier "works" or "cannot: " and a part of ktop's reason. The cases here fail when ktop does anything else.
 *
 * @module
 */
import table from "./expectations.json" with { type: "json" };
import { type Case, type Cell, type Context, tiers } from "./case.ts";
import type { Machine } from "./machine.ts";
import { describeEnd, ticksOf, tierOption } from "./run.ts";

/** What one tool does on one kernel. */
export interface ToolExpectation {
  /** The tier that ktop chooses, or "cannot: reason". */
  readonly default: string;
  readonly fentry: string;
  readonly kprobe: string;
  readonly tracepoint: string;
  /** Options without which the tool does not run. */
  readonly options?: readonly string[];
}

/** What all tools do on one kernel. */
export interface KernelExpectation {
  /** The beginning of `uname -r`: the table is not for other kernels. */
  readonly release: string;
  readonly tools: Readonly<Record<string, ToolExpectation | undefined>>;
}

/** The table, by name of the kernel. */
export const expectations: Readonly<Record<string, KernelExpectation | undefined>> = table;

/** Whether the tool runs in the cell. */
export function works(expectation: ToolExpectation, cell: Cell): boolean {
  return !expectation[cell].startsWith("cannot");
}

/** The cases that compare ktop with the table: one for the list of tools, and one for each tool and cell. */
export function tableCases(kernel: KernelExpectation): Case[] {
  return [completeness(kernel), ...toolCases(kernel)];
}

/** The tools of `ktop list --json`, with their aliases. */
export function listedTools(output: string): string[] {
  const { tools } = JSON.parse(output) as { tools: { tool: string; aliases: string[] }[] };
  return tools.flatMap(({ tool, aliases }) => [tool, ...aliases]);
}

function completeness(kernel: KernelExpectation): Case {
  return {
    name: "the table has every tool of ktop list",
    tool: "list",
    cells: ["default"],
    boot: "usual",
    native: true,
    always: true,
    async run({ machine }) {
      const tools = listedTools(await machine.shell("ktop list --json"));
      const unexpected = tools.filter((tool) => !(tool in kernel.tools));
      const missing = Object.keys(kernel.tools).filter((tool) => !tools.includes(tool));
      return [
        ...unexpected.map((tool) => `${tool} is not in tests/lab/expectations.json`),
        ...missing.map((tool) => `ktop list does not name ${tool}`),
      ];
    },
  };
}

function toolCases(kernel: KernelExpectation): Case[] {
  const cells: readonly Cell[] = ["default", ...tiers];
  return Object.entries(kernel.tools).flatMap(([tool, expectation]) =>
    cells.filter((cell) => cell === "default" || !works(expectation!, cell)).map((cell) =>
      tableCase(tool, cell, expectation!)
    )
  );
}

function tableCase(tool: string, cell: Cell, expectation: ToolExpectation): Case {
  const expected = expectation[cell];
  const reason = /^cannot: (.*)$/.exec(expected)?.[1];
  return {
    name: reason ? `cannot: ${reason}` : `chooses ${expected}`,
    tool,
    cells: [cell],
    boot: "usual",
    native: true,
    always: true,
    chooses: reason ? undefined : expected,
    async run(context) {
      if (reason && await isListed(context, { tool, reason })) return [];
      const ktop = await context.machine.start([
        "ktop",
        tool,
        ...expectation.options ?? [],
        "--json",
        "-i",
        "0.1",
        "--count",
        "1",
        ...tierOption(context),
      ]);
      const status = await ktop.end(600_000);
      if (reason) {
        return status === 4 && ktop.errors.includes(reason)
          ? []
          : [`expected exit 4 and "${reason}": ${describeEnd(ktop)}`];
      }
      const tier = ticksOf(ktop.output)[0]?.tier;
      return status === 0 && tier === expected
        ? []
        : [`expected tier ${expected}, got ${tier}, ${describeEnd(ktop)}`];
    },
  };
}

/** One tool in `ktop list --json`. */
interface Listed {
  readonly tool: string;
  readonly tier: string | null;
  readonly reason: string | null;
}

const lists = new WeakMap<Machine, Map<Cell, Promise<readonly Listed[]>>>();

/** `ktop list --json` for a tier, run once on each machine. */
function listOf(context: Context): Promise<readonly Listed[]> {
  const known = lists.get(context.machine) ?? new Map<Cell, Promise<readonly Listed[]>>();
  lists.set(context.machine, known);
  const asked = known.get(context.cell) ??
    context.machine.shell(["ktop", ...tierOption(context), "list", "--json"].join(" "))
      .then((output) => JSON.parse(output).tools as Listed[]);
  known.set(context.cell, asked);
  return asked;
}

/**
 * Whether `ktop list` reports that the tool cannot run, for this reason. That is enough in a guest, where starting ktop takes
 * seconds; natively each tool is started.
 */
async function isListed(
  context: Context,
  { tool, reason }: { tool: string; reason: string },
): Promise<boolean> {
  if (context.kernel === "native") return false;
  const listed = (await listOf(context)).find((one) => one.tool === tool);
  return listed?.tier === null && (listed.reason ?? "").includes(reason);
}

import assert from "node:assert/strict";
import { FlameGraph, type FlameTick, foldedStacks, type Frame, MovingFlame, stacksOf } from "./flame.ts";
import type { Row } from "./tick.ts";

const TOOL = { flame: { weight: "samples" } } as const;

const row = (
  samples: number | null,
  stack: string | null,
  kernelFrames = 0,
  comm: string | null = "sh",
): Row => ({
  comm,
  samples,
  stack,
  kernel_frames: kernelFrames,
});

function graphOf(rows: readonly Row[], dropped: Row | null = null, maxFrames?: number): Frame {
  const graph = new FlameGraph(maxFrames);
  for (const stack of stacksOf(TOOL, { rows }, dropped)) graph.add(stack);
  return graph.root;
}

/** Each frame as `name kind total`, indented by its depth. */
function outline(frame: Frame, depth = 0): string[] {
  const line = `${" ".repeat(depth)}${frame.name} ${frame.kind} ${frame.total}`;
  return [line, ...frame.children.flatMap((child) => outline(child, depth + 1))];
}

Deno.test("FlameGraph adds stacks up frame by frame, the largest first, and distinguishes the kernel's frames from the program's", () => {
  const root = graphOf([
    row(2, "main;read;vfs_read", 1),
    row(3, "main;work"),
    row(4, "main;read", 0),
    row(7, "loop", 0, "yes"),
  ]);
  assert.deepEqual(outline(root), [
    "all root 16",
    " sh thread 9",
    "  main user 9",
    "   read user 6",
    "    vfs_read kernel 2",
    "   work user 3",
    " yes thread 7",
    "  loop user 7",
  ]);
});

Deno.test("FlameGraph keeps a function of the kernel apart from one of the program with the same name", () => {
  assert.deepEqual(outline(graphOf([row(1, "read"), row(2, "read", 1)])).slice(2), [
    "  read kernel 2",
    "  read user 1",
  ]);
});

Deno.test("stacksOf() counts rows without a stack or a name, leaves out those that counted nothing, and adds dropped rows", () => {
  const root = graphOf([row(2, null, 0, null), row(null, "a"), row(0, "b")], { samples: 5 });
  assert.deepEqual(outline(root), [
    "all root 7",
    " (rows dropped) rest 5",
    " [unknown] thread 2",
    "  [unknown] user 2",
  ]);
});

Deno.test("stacksOf() takes the stacks beside the rows of a tool that has them, all of the kernel, with what was dropped", () => {
  const tool = { flame: { weight: "time_us", separate: true } } as const;
  const stacks = { weight: "calls", counts: [{ stack: "ksys_read;vfs_read", weight: 7 }], dropped: 2 };
  const graph = new FlameGraph();
  for (const stack of stacksOf(tool, { rows: [row(1, "main")], stacks })) graph.add(stack);
  assert.deepEqual(outline(graph.root), [
    "all root 9",
    " ksys_read kernel 7",
    "  vfs_read kernel 7",
    " (rows dropped) rest 2",
  ]);
  assert.deepEqual(stacksOf(tool, { rows: [row(1, "main")] }), []);
});

Deno.test("FlameGraph counts stacks beyond its bound in a frame (other), and loses none", () => {
  const root = graphOf([row(1, "a;b"), row(2, "c;d"), row(4, "a;e;f"), row(8, "c")], null, 3);
  assert.deepEqual(outline(root), [
    "all root 15",
    " sh thread 15",
    "  (other) rest 10",
    "  a user 5",
    "   (other) rest 4",
    "   b user 1",
  ]);
});

Deno.test("foldedStacks() prints the weight of each stack without that of the frames inside, and no blank or semicolon in a name", () => {
  const root = graphOf([row(2, "main;read"), row(3, "main"), row(1, "std::vec<a, b>", 0, "a;b c")]);
  assert.deepEqual(foldedStacks(root).sort(), ["a:b_c;std::vec<a,_b> 1", "sh;main 3", "sh;main;read 2"]);
});

Deno.test("MovingFlame has the counts of the intervals it was moved to, whatever it had before", () => {
  const tick = (time: number): FlameTick => ({
    time,
    intervalS: 1,
    weight: "samples",
    stacks: stacksOf(TOOL, { rows: [row(time, `main;f${time % 3};g${time}`, 1), row(0.1 * time, "main")] }),
  });
  const all = Array.from({ length: 12 }, (_, i) => tick(i + 1));
  const moving = new MovingFlame();
  for (const [from, to] of [[0, 6], [1, 7], [2, 9], [1, 8], [9, 12], [0, 12], [12, 12], [3, 5]] as const) {
    const ticks = all.slice(from, to);
    const graph = new FlameGraph();
    for (const { stacks } of ticks) for (const stack of stacks) graph.add(stack);
    const rounded = (lines: string[]): string[] =>
      lines.map((line) => line.replace(/[\d.]+$/, (n) => Number(n).toFixed(6)));
    assert.deepEqual(
      rounded(outline(moving.moveTo(ticks))),
      rounded(outline(graph.root)),
      `${from} to ${to}`,
    );
  }
});

Deno.test("MovingFlame is exact again when the stacks that did not fit have left", () => {
  const ticks: FlameTick[] = [0, 1].map((time) => ({
    time,
    intervalS: 1,
    weight: "samples",
    stacks: stacksOf(TOOL, {
      rows: Array.from({ length: time === 0 ? 30_000 : 2 }, (_, i) => row(1, `f${i}`)),
    }),
  }));
  const moving = new MovingFlame();
  assert.ok(outline(moving.moveTo(ticks)).some((line) => line.includes("(other)")));
  assert.deepEqual(outline(moving.moveTo(ticks.slice(1))), [
    "all root 2",
    " sh thread 2",
    "  f0 user 1",
    "  f1 user 1",
  ]);
});

Deno.test("MovingFlame is exact after thousands of moves over fractions, and ignores weights that are too small to add", () => {
  const tick = (time: number): FlameTick => ({
    time,
    intervalS: 1,
    weight: "samples",
    stacks: stacksOf(TOOL, { rows: [row(0.1 + time / 7, `a;b${time % 3}`), row(1e-9, "a;b1;c")] }),
  });
  const moving = new MovingFlame();
  const all = Array.from({ length: 3010 }, (_, i) => tick(i));
  for (let from = 0; from < 3000; from++) moving.moveTo(all.slice(from, from + 10));
  const left = new FlameGraph();
  for (const { stacks } of all.slice(3000)) for (const stack of stacks) left.add(stack);
  assert.deepEqual(outline(moving.moveTo(all.slice(3000))), outline(left.root));
});

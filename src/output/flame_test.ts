import assert from "node:assert/strict";
import type { Row, Tick, ToolInfo } from "../model/mod.ts";
import { flameFormat } from "./flame.ts";

const TOOL = {
  name: "profile",
  columns: [{ key: "samples", title: "SAMPLES", unit: "count", width: 8, align: "right", description: "" }],
  flame: { weight: "samples" },
} as unknown as ToolInfo;

function tickOf(rows: readonly Row[], lostEvents = 0): Tick {
  const lost = { events: lostEvents, keys: 0, runs: 0 };
  return {
    tool: "profile",
    time: Date.UTC(2026, 10, 20, 18),
    intervalS: 2.5,
    tier: "tracepoint",
    rows,
    lost,
  };
}

const row = (samples: number, stack: string, kernelFrames = 0): Row => ({
  comm: "web",
  samples,
  stack,
  kernel_frames: kernelFrames,
});

/** The picture of two intervals, and what was warned of. */
function picture(...ticks: readonly Tick[]): { svg: string; warnings: string[] } {
  const warnings: string[] = [];
  const format = flameFormat(TOOL, "web-01", (text) => warnings.push(text));
  const before = format.begin("tracepoint") + ticks.map((tick) => format.tick(tick)).join("");
  assert.equal(before, "");
  return { svg: format.end(), warnings };
}

/** Frames by name: weight, depth and start. */
function framesOf(svg: string): Record<string, [weight: number, depth: number, start: number]> {
  const frames = svg.matchAll(/data-x="([\d.]+)" data-w="([\d.]+)" data-d="(\d+)" data-n="([^"]*)"/g);
  return Object.fromEntries(Array.from(frames, ([, x, w, d, n]) => [n, [Number(w), Number(d), Number(x)]]));
}

Deno.test("flameFormat() adds the stacks of all intervals up to one picture, and says how much was measured", () => {
  const { svg } = picture(
    tickOf([row(3, "main;work"), row(1, "main;read", 1)]),
    tickOf([row(4, "main;work")]),
  );
  assert.deepEqual(framesOf(svg), {
    all: [8, 0, 0],
    web: [8, 1, 0],
    main: [8, 2, 0],
    work: [7, 3, 0],
    read: [1, 3, 7],
  });
  assert.match(svg, /<text [^>]*>8 samples in 5\.0 s, until 2026-11-20T18:00:00\.000Z, tracepoint<\/text>/);
  assert.match(svg, /<title>work: 7 samples, 87\.50%<\/title>/);
});

Deno.test("flameFormat() warns of losses, and names them in the picture", () => {
  const { svg, warnings } = picture(tickOf([row(1, "main")], 5));
  assert.equal(warnings.length, 1);
  assert.match(svg, /5 events lost/);
});

Deno.test("flameFormat() escapes names from strangers in every place of the picture", () => {
  const hostile = `"><script>alert(1)</script>]]><![CDATA[`;
  const { svg } = picture(tickOf([row(1, hostile)]));
  assert.equal(svg.split("<script>").length, 2); // ktop's own
  assert.equal(svg.split("]]>").length, 2);
  assert.ok(!svg.includes(hostile));
});

Deno.test("flameFormat() leaves out frames that are too narrow to be seen", () => {
  const { svg } = picture(tickOf([row(1_000_000, "main;work"), row(1, "main;rare")]));
  assert.deepEqual(Object.keys(framesOf(svg)), ["all", "web", "main", "work"]);
});

Deno.test("flameFormat() draws an empty picture when nothing was counted, and says so", () => {
  const { svg, warnings } = picture(tickOf([]));
  assert.deepEqual(warnings, ["profile counted nothing: the flame graph is empty"]);
  assert.doesNotMatch(svg, /NaN|Infinity/);
  assert.deepEqual(framesOf(svg), {});
  assert.match(svg, /0 samples in 2\.5 s/);
});

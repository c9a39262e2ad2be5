/**
 * Flame graphs as output: the stacks of all intervals as one picture.
 *
 * @module
 */
import { addLost, FlameGraph, missingFrom, NOTHING_LOST, stacksOf, type ToolInfo } from "../model/mod.ts";
import { counted } from "../text/mod.ts";
import type { Format } from "./format.ts";
import { flameSvg } from "./flame_svg.ts";
import { lossLines } from "./text.ts";

/** What the column that a flame graph adds up counts: "samples". */
export const flameUnit = ({ columns }: ToolInfo, weight: string): string =>
  columns.find(({ key }) => key === weight)?.unit === "us" ? "microseconds" : weight;

/**
 * The SVG format: it returns the picture at the end, and nothing before.
 *
 * @param tool a tool with stacks
 * @param host named in the picture
 * @param warn Called with a line about losses.
 */
export function flameFormat(tool: ToolInfo, host: string, warn: (text: string) => void): Format {
  const graph = new FlameGraph();
  let seconds = 0;
  let lost = NOTHING_LOST;
  let end = 0;
  let tier = "";
  let weight = tool.flame?.weight ?? "";
  return {
    begin: (named) => {
      tier = named;
      return "";
    },
    tick: (tick) => {
      for (const line of lossLines(tick)) warn(line);
      for (const stack of stacksOf(tool, tick)) graph.add(stack);
      seconds += tick.intervalS;
      weight = tick.stacks?.weight ?? weight;
      lost = addLost(lost, missingFrom(tick));
      end = tick.time;
      return "";
    },
    end: () => {
      const { root } = graph;
      if (root.total === 0) warn(`${tool.name} counted nothing: the flame graph is empty`);
      const unit = flameUnit(tool, weight);
      const losses = lost.events + lost.keys;
      const parts = [
        `${Math.round(root.total)} ${unit} in ${seconds.toFixed(1)} s`,
        ...(losses > 0 ? [`${counted(losses, "event")} lost`] : []),
        ...(end > 0 ? [`until ${new Date(end).toISOString()}`] : []),
        tier,
      ];
      return flameSvg(root, { title: `${tool.name} on ${host}`, unit, subtitle: parts.join(", ") });
    },
  };
}

/**
 * A flame graph as an SVG that needs nothing else: the outermost frame at the bottom, a click zooms into a frame, a search marks frames.
 *
 * @module
 */
import type { Frame, FrameKind } from "../model/mod.ts";
import { displayWidth, truncate, xml } from "../text/mod.ts";

/** Texts of the picture. */
export interface FlameTexts {
  readonly title: string;
  /** What the weights are: "samples". */
  readonly unit: string;
  /** A line below the title: how much was measured, what was lost. */
  readonly subtitle: string;
}

/** In the units of the SVG. */
const WIDTH = 1200;
const MARGIN = 10;
const ROW = 17;
const TOP = 58;
const FONT_SIZE = 12;
/** Width of a character of the font, at most. */
const CHARACTER = 7.3;
/** Narrower frames are left out: they cannot be seen, and each takes 200 bytes. */
const MIN_WIDTH = 0.1;

/** Hue, and how far names move it: neighbours differ. */
const HUES: Readonly<Record<FrameKind, readonly [hue: number, spread: number, saturation: number]>> = {
  root: [210, 0, 8],
  thread: [210, 0, 12],
  user: [22, 32, 82],
  kernel: [196, 36, 62],
  rest: [0, 0, 0],
};

const shown = (value: number): string => String(Math.round(value * 100) / 100);

function colorOf({ name, kind }: Frame): string {
  const [hue, spread, saturation] = HUES[kind];
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)!) % 9973;
  return `hsl(${shown(hue + spread * hash / 9973)},${saturation}%,${shown(64 + 10 * (hash % 100) / 100)}%)`;
}

/** Zooms, searches and shows what is under the pointer. It reads names and weights from the elements only, as text. */
const SCRIPT = `
var svg = document.documentElement, info = document.getElementById("info");
var frames = [].slice.call(document.getElementsByClassName("f"));
var all = frames[0] || svg, W = ${WIDTH - 2 * MARGIN}, M = ${MARGIN}, C = ${CHARACTER};
function num(e, n) { return Number(e.getAttribute(n)); }
function label(e) { return e.firstChild.textContent; }
function draw(z) {
  var from = num(z, "data-x"), width = num(z, "data-w");
  frames.forEach(function (e) {
    var x = num(e, "data-x"), w = num(e, "data-w");
    var outer = x <= from && x + w >= from + width && num(e, "data-d") <= num(z, "data-d");
    var left = outer ? 0 : (x - from) / width * W, cells = outer ? W : w / width * W;
    var visible = outer || (x >= from && x + w <= from + width + 1e-6 && cells >= 0.1);
    e.style.display = visible ? "" : "none";
    if (!visible) return;
    var r = e.querySelector("rect"), t = e.querySelector("text"), n = e.getAttribute("data-n");
    r.setAttribute("x", M + left); r.setAttribute("width", Math.max(cells - 0.4, 0.1));
    t.setAttribute("x", M + left + 3);
    var room = Math.floor((cells - 6) / C);
    t.textContent = room < 3 ? "" : n.length <= room ? n : n.slice(0, room - 2) + "..";
    e.style.opacity = outer && e !== z ? 0.55 : 1;
  });
}
frames.forEach(function (e) {
  e.addEventListener("click", function () { draw(e); });
  e.addEventListener("mouseover", function () { info.textContent = label(e); });
});
function search() {
  var text = prompt("Find frames whose name contains");
  if (text === null) return;
  var wanted = text.toLowerCase(), sum = 0, end = -1;
  frames.forEach(function (e) {
    var hit = wanted !== "" && e.getAttribute("data-n").toLowerCase().indexOf(wanted) >= 0;
    e.querySelector("rect").style.fill = hit ? "#d95bd1" : "";
    if (hit && num(e, "data-x") >= end - 1e-9) { sum += num(e, "data-w"); end = num(e, "data-x") + num(e, "data-w"); }
  });
  info.textContent = wanted === "" ? "" : "found " + (100 * sum / num(all, "data-w")).toFixed(1) + "%";
}
document.getElementById("search").addEventListener("click", search);
document.getElementById("whole").addEventListener("click", function () { draw(all); });
`;

/** The picture. */
export function flameSvg(root: Frame, { title, unit, subtitle }: FlameTexts): string {
  const placed: string[] = [];
  let depth = 0;
  const walk = (frame: Frame, level: number, from: number): void => {
    if (root.total === 0) return;
    const scale = (WIDTH - 2 * MARGIN) / root.total;
    if (frame.total * scale < MIN_WIDTH) return;
    depth = Math.max(depth, level);
    placed.push(frameElement(frame, { level, from, scale, unit, whole: root.total }));
    let next = from;
    for (const child of frame.children) {
      walk(child, level + 1, next);
      next += child.total;
    }
  };
  walk(root, 0, 0);
  const height = TOP + (depth + 1) * ROW + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="100%" font-family="ui-monospace, ` +
    `'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}">`,
    `<title>${xml(title)}</title>`,
    `<style>.f{cursor:pointer}.f rect{stroke:none}.f:hover rect{stroke:#000}text{fill:#111}.b{cursor:pointer;fill:#0b5cad}</style>`,
    `<rect width="100%" height="100%" fill="#fdfdfb"/>`,
    `<text x="${MARGIN}" y="20" font-size="16" font-weight="bold">${xml(title)}</text>`,
    `<text x="${MARGIN}" y="36">${xml(subtitle)}</text>`,
    `<text x="${MARGIN}" y="52" id="info"></text>`,
    `<text x="${WIDTH - MARGIN}" y="20" text-anchor="end" class="b" id="search">search</text>`,
    `<text x="${WIDTH - MARGIN}" y="36" text-anchor="end" class="b" id="whole">whole graph</text>`,
    `<g transform="translate(0 ${TOP + depth * ROW})">`,
    ...placed,
    "</g>",
    `<script><![CDATA[${SCRIPT}]]></script>`,
    "</svg>\n",
  ].join("\n");
}

/** A frame with its name, so that it is readable without the script. */
function frameElement(frame: Frame, { level, from, scale, unit, whole }: {
  level: number;
  from: number;
  scale: number;
  unit: string;
  whole: number;
}): string {
  const { name, total } = frame;
  const x = MARGIN + from * scale;
  const width = total * scale;
  const y = -level * ROW;
  const room = Math.floor((width - 6) / CHARACTER);
  const label = room < 3 ? "" : displayWidth(name) <= room ? name : truncate(name, room, "..");
  const about = `${name}: ${shown(total)} ${unit}, ${(100 * total / whole).toFixed(2)}%`;
  return `<g class="f" data-x="${from}" data-w="${total}" data-d="${level}" data-n="${xml(name)}"><title>${
    xml(about)
  }</title>` +
    `<rect x="${shown(x)}" y="${y}" width="${shown(Math.max(width - 0.4, MIN_WIDTH))}" height="${
      ROW - 1
    }" rx="1.5" ` +
    `fill="${colorOf(frame)}"/><text x="${shown(x + 3)}" y="${y + 12}">${xml(label)}</text></g>`;
}

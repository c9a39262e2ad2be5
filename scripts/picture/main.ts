/**
 * Makes the README's picture from a real run, and tells whether it still shows today's screen. Started by
 * scripts/screenshot.
 *
 * @module
 */
import { Tmux, until } from "../../tests/support/tmux.ts";
import { DEFAULT_PANES } from "../../src/tools/mod.ts";
import { chromeOf, SIZE } from "./chrome.ts";
import { parseScreen } from "./sgr.ts";
import { screenSvg } from "./svg.ts";

/** Where the picture is kept. */
const PICTURE = new URL("./ktop.svg", import.meta.url);

/** Seconds of work before the picture is taken: enough for the graphs to have something to show. */
const RUN_S = 40;

/** What the picture says of itself. */
interface Metadata {
  /** The panes that ran on the machine it was made on. */
  readonly running: readonly string[];
  readonly chrome: readonly string[];
}

/** The screen of `command` in a terminal, with colours. */
async function capture(command: string): Promise<string> {
  const environment = "env -u NO_COLOR LC_ALL=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor";
  await using tmux = await Tmux.start(SIZE.width, SIZE.height, `${environment} ${command}`);
  await tmux.shows(/1 filetop/);
  await new Promise((resolve) => setTimeout(resolve, RUN_S * 1000));
  const screen = await tmux.colored();
  await tmux.keys("q");
  return screen;
}

/** Runs the workload while `use` does. */
async function withWorkload<T>(program: string, use: () => Promise<T>): Promise<T> {
  const directory = await Deno.makeTempDir({ prefix: "ktop-picture-" });
  const workload = new Deno.Command(program, { args: [directory], stdout: "piped" }).spawn();
  const reader = workload.stdout.getReader();
  try {
    const { done } = await reader.read();
    if (done) throw new Error("the workload did not start");
    return await use();
  } finally {
    await reader.cancel();
    try {
      workload.kill();
    } catch {
      // it has ended by itself, and says why on standard error
    }
    await workload.status;
    await until("the end of the workload", () => removed(directory), (gone) => gone);
  }
}

/** The workload's children end a moment after it; until then they may write. */
async function removed(directory: string): Promise<boolean> {
  try {
    await Deno.remove(directory, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/** Fixed texts that a screen lacks. */
const lacking = (screen: string, chrome: readonly string[]): string[] =>
  chrome.filter((text) => !screen.includes(text));

async function make(workload: string, command: string): Promise<void> {
  const lines = parseScreen(await withWorkload(workload, () => capture(command)));
  const text = lines.map((cells) => cells.map((cell) => cell.text).join("").trimEnd()).join("\n");
  const running = DEFAULT_PANES.filter((name) => !new RegExp(` ${name} ─+ unavailable `).test(text));
  const metadata: Metadata = { running, chrome: chromeOf(running) };
  const missing = lacking(text, metadata.chrome);
  if (missing.length > 0) throw new Error(`the screen lacks ${missing.join(", ")}:\n${text}`);
  const caption = {
    title: "ktop",
    description: `The screen of ktop:\n${text}\n`,
    metadata: JSON.stringify(metadata),
  };
  await Deno.writeTextFile(PICTURE, screenSvg(lines, SIZE.width, caption));
}

/** Why the picture is out of date; empty: it is not. */
async function staleness(): Promise<string> {
  const svg = await Deno.readTextFile(PICTURE);
  const json = /<metadata>(.*)<\/metadata>/.exec(svg)?.[1] ?? "";
  const plain = json.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll(
    "&amp;",
    "&",
  );
  const { running, chrome } = JSON.parse(plain) as Metadata;
  const today = chromeOf(running);
  const gone = chrome.filter((text) => !today.includes(text));
  const added = today.filter((text) => !chrome.includes(text));
  return [
    gone.length > 0 ? `It shows what ktop no longer has: ${gone.join(", ")}.` : "",
    added.length > 0 ? `It lacks: ${added.join(", ")}.` : "",
    gone.length + added.length === 0 && today.join("\n") !== chrome.join("\n")
      ? "The order has changed."
      : "",
  ].filter((reason) => reason !== "").join(" ");
}

const [workload, command] = Deno.args;
if (workload !== undefined && command !== undefined) {
  await make(workload, command);
} else {
  const reasons = await staleness();
  if (reasons !== "") {
    console.error(`The picture in the README is out of date. ${reasons} scripts/screenshot makes it anew.`);
    Deno.exit(1);
  }
}

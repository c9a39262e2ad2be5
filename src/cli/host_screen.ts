/**
 * The full screen of hosts.
 *
 * @module
 */
import { type Grouping, groupingsNamed, type Model } from "../model/mod.ts";
import type { Fleet, HostStream } from "../remote/mod.ts";
import { screenEnvironment, type ScreenSettings } from "./configuration_options.ts";
import type { HostOptions } from "./host_options.ts";
import { screenEndMs } from "./screen_command.ts";
import { screenWriter } from "./screen_files.ts";
import { screenSystem } from "./screen_system.ts";

/** What is shown of the hosts, and how. */
export interface HostRun {
  readonly options: HostOptions;
  readonly loaded: ScreenSettings;
  readonly streams: readonly HostStream[];
  readonly fleet: Fleet;
}

/** How `--by` groups the rows of the panes, by name of tool. Throws UsageError if it groups none. */
export const groupingsOfModel = (
  { tools }: Pick<Model, "tools">,
  by: string | undefined,
): ReadonlyMap<string, Grouping> =>
  by === undefined ? new Map() : groupingsNamed(
    tools.filter(({ flags }) => flags !== undefined).map(({ tool }) => tool),
    by,
  );

/** Shows the screen until it is quit. */
export async function showHosts({ options, loaded: { settings }, fleet, streams }: HostRun): Promise<void> {
  const [{ runApp, withGroupings }, { screenSetup }] = await Promise.all([
    import("../tui/mod.ts"),
    import("../config/mod.ts"),
  ]);
  const model = fleet.model();
  const names = model.tools.map(({ tool }) => tool.name);
  const setup = await screenSetup(settings);
  const configured = new Map(settings.general.panes.value.map((name, i) => [name, setup.panes[i] ?? {}]));
  const panes = names.map((name) => configured.get(name) ?? {});
  try {
    const groupings = groupingsOfModel(model, options.by);
    await runApp(fleet, {
      system: screenSystem(),
      noColor: options.color === false,
      ascii: settings.general.ascii.value,
      env: screenEnvironment(options),
      setup: withGroupings({ ...setup, panes }, names, groupings),
      files: { writeScreen: screenWriter(Deno.cwd(), { recordsPast: streams.length === 1 }) },
      onReady: () => fleet.failed,
      endAfterMs: screenEndMs(options, settings.general.interval.value),
    });
  } finally {
    fleet.close();
  }
}

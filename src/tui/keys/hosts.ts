/**
 * Switches between the panes of all hosts together and one pane for each host.
 *
 * @module
 */
import { MAX_PANES, type Offer } from "../../model/mod.ts";
import { type Context, INITIAL_PANE, type Outcome, returningPane } from "../state/mod.ts";
import { namedPanes, withPanes } from "./choose_panes.ts";

/** Panes of tools: the last one shows the hosts. */
const MAX_TOOLS = MAX_PANES - 1;

/** Whether there are several hosts. */
export const hasHosts = ({ model }: Pick<Context, "model">): boolean => (model.hosts?.length ?? 0) > 1;

const offerOf = ({ ui, model }: Context): Offer | undefined => {
  const name = model.tools[ui.focus]?.tool.name;
  return model.offers?.find((offer) => offer.name === name);
};

/** Whether the focused pane shows a single host. */
export const showsOneHost = (context: Context): boolean => offerOf(context)?.host !== undefined;

/** The panes of the focused tool, one for each host; if they are shown, those of before. */
export function toggleHosts(context: Context): Outcome {
  const { ui, model } = context;
  const { offers = [] } = model;
  const shown = namedPanes(context);
  const panes = (names: readonly string[]) =>
    names.map((name) => shown.find((pane) => pane.name === name) ?? { name, pane: returningPane(ui, name) });
  if (showsOneHost(context)) {
    const all = offers.filter(({ host }) => host === undefined).map(({ name }) => name);
    return withPanes(
      { ...context, ui: { ...ui, together: null } },
      panes((ui.together ?? all).slice(0, MAX_TOOLS)),
      0,
    );
  }
  const name = offerOf(context)?.name ?? shown[0]?.name;
  const apart = offers.filter(({ host, name: offered }) =>
    host !== undefined && offered === `${name}@${host}`
  );
  if (apart.length === 0) return { ui };
  const names = apart.slice(0, MAX_TOOLS).map((offer) => offer.name);
  const here = shown.find((pane) => pane.name === name)?.pane ?? INITIAL_PANE;
  const wanted = names.map((one) => ({
    name: one,
    pane: { ...INITIAL_PANE, sort: here.sort, reverse: here.reverse },
  }));
  const next = withPanes(
    { ...context, ui: { ...ui, zoom: false, together: shown.map(({ name }) => name) } },
    wanted,
    0,
  );
  if (apart.length <= MAX_TOOLS) return next;
  const text = `The first ${MAX_TOOLS} of ${apart.length} hosts; t chooses others`;
  return { ...next, ui: { ...next.ui, message: { text, kind: "info" } } };
}

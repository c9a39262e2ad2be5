/**
 * Which programs to load for which hook, as attempts fail one after another.
 *
 * @module
 */
import { UnsupportedError } from "../errors.ts";
import type { TierName } from "../model/mod.ts";
import type { Features, Hook, ProgramSet } from "./hooks.ts";
import { noTier, offeredTiers, remedies, tierRefusal } from "./plan.ts";

/** What is to be attached for one hook. */
export interface Choice {
  readonly hook: Hook;
  readonly tier: TierName;
  readonly set: ProgramSet;
}

/** A hook that nothing observes. */
export interface Missing {
  /** The hook's name. */
  readonly hook: string;
  /** What is therefore missing from the numbers. */
  readonly what: string;
  readonly reason: string;
}

/** What the choices come to. */
export interface Chosen {
  readonly choices: readonly Choice[];
  readonly missing: readonly Missing[];
  /** Programs to load, each once. */
  readonly programs: readonly string[];
}

/** The state of one tool's search for programs that attach. */
export class Selection {
  readonly #tool: string;
  readonly #hooks: readonly Hook[];
  readonly #features: Features;
  readonly #tier: TierName | undefined;
  /** Why a program is out, by its name. */
  readonly #excluded = new Map<string, string>();
  #lastError: Error | undefined;

  constructor(
    request: { readonly tool: string; readonly hooks: readonly Hook[]; readonly tier?: TierName },
    features: Features,
  ) {
    this.#tool = request.tool;
    this.#hooks = request.hooks;
    this.#tier = request.tier;
    this.#features = features;
  }

  /** Takes a program out; sets that need it are out with it. @returns false when it was out already */
  exclude(program: string, reason: string, error?: Error): boolean {
    if (this.#excluded.has(program)) return false;
    this.#excluded.set(program, reason);
    this.#lastError = error ?? this.#lastError;
    return true;
  }

  /** Whether a set of the choices cannot do without this program. */
  static needs(chosen: Chosen, program: string): boolean {
    return chosen.choices.some(({ set }) => set.all.includes(program));
  }

  /**
   * The best that is left.
   *
   * @throws {UnsupportedError} nothing is left for a hook that the tool cannot do without, or for any hook at all
   */
  choose(): Chosen {
    const choices: Choice[] = [];
    const missing: Missing[] = [];
    for (const hook of this.#hooks) {
      const found = this.#choose(hook);
      if (typeof found !== "string") choices.push(found);
      else if (hook.optional === undefined) {
        throw this.#error([hook], `${hook.name} cannot be observed: ${found}`);
      } else missing.push({ hook: hook.name, what: hook.optional, reason: found });
    }
    if (choices.length === 0) throw this.#error(this.#hooks, missing[0]?.reason ?? "nothing to observe");
    const wanted = choices.flatMap(({ set }) => [...set.all, ...set.any ?? []]);
    const programs = [...new Set(wanted)].filter((program) => !this.#excluded.has(program));
    return { choices, missing, programs };
  }

  /** A hook's best set, or the reason why there is none. */
  #choose(hook: Hook): Choice | string {
    const reasons: string[] = [];
    for (const tier of offeredTiers(hook, this.#tier)) {
      const refusal = tierRefusal(tier, this.#features);
      if (refusal !== null) {
        reasons.push(refusal);
        continue;
      }
      for (const set of hook.tiers[tier] ?? []) {
        const out = set.all.find((program) => this.#excluded.has(program));
        if (out === undefined) return { hook, tier, set };
        reasons.push(`${tier}: ${this.#excluded.get(out)}`);
      }
    }
    return noTier(hook, this.#tier, reasons);
  }

  #error(hooks: readonly Hook[], why: string): UnsupportedError {
    const asked = this.#tier === undefined ? "on this kernel" : `on the ${this.#tier} tier`;
    const feature = this.#tier ?? [...new Set(hooks.flatMap((hook) => offeredTiers(hook)))].join(" or ");
    return new UnsupportedError(feature, `${this.#tool} cannot run ${asked}: ${why}.`, {
      cause: this.#lastError,
      remedy: remedies(hooks, this.#features, this.#tier),
    });
  }
}

/**
 * The choice of programs for a tool's hooks, made again after each attempt that failed.
 *
 * @module
 */
import { UnsupportedError } from "../errors.ts";
import type { TierName } from "../model/mod.ts";
import type { Features } from "./features.ts";
import type { Hook, ProgramSet } from "./hooks.ts";
import { isOlder, kernelName, OLD_REMEDY } from "./old_kernel.ts";
import { hookRefusal, lackingForAllTiers, noTier, offeredTiers, remedies } from "./plan.ts";

/** The programs chosen for one hook. */
export interface HookChoice {
  readonly hook: Hook;
  readonly tier: TierName;
  readonly set: ProgramSet;
}

/** An optional hook that no program observes. */
export interface Missing {
  /** The hook's name. */
  readonly hook: string;
  /** What is missing from the tool's numbers without it. */
  readonly what: string;
  readonly reason: string;
}

/** The programs chosen for a tool. */
export interface Choice {
  readonly hooks: readonly HookChoice[];
  readonly missing: readonly Missing[];
  /** Programs to load, each once. */
  readonly programs: readonly string[];
}

/** Chooses a tool's programs, leaving out those that the kernel refused. */
export class Selection {
  readonly #tool: string;
  readonly #hooks: readonly Hook[];
  readonly #features: Features;
  readonly #tier: TierName | undefined;
  readonly #release: string;
  /** Why a program was excluded, by its name. */
  readonly #excluded = new Map<string, string>();
  /** The excluded programs whose function or tracepoint the kernel lacks. */
  readonly #absent = new Set<string>();
  #lastError: Error | undefined;

  /** @param release `uname -r`: named in errors when it is old */
  constructor(
    request: { readonly tool: string; readonly hooks: readonly Hook[]; readonly tier?: TierName },
    features: Features,
    release = "",
  ) {
    this.#release = release;
    this.#tool = request.tool;
    this.#hooks = request.hooks;
    this.#tier = request.tier;
    this.#features = features;
  }

  /** Excludes a program, and with it every set that needs it. @returns false when it was excluded before */
  exclude(program: string, reason: string, error?: Error): boolean {
    if (this.#excluded.has(program)) return false;
    this.#excluded.set(program, reason);
    this.#lastError = error ?? this.#lastError;
    return true;
  }

  /** Excludes a program whose function or tracepoint the kernel lacks; sets that list it in `ifPresent` remain. */
  excludeAbsent(program: string, reason: string): void {
    this.exclude(program, reason);
    this.#absent.add(program);
  }

  /** Whether a chosen set needs this program. */
  static needs(choice: Choice, program: string): boolean {
    return choice.hooks.some(({ set }) => set.all.includes(program) || set.ifPresent?.includes(program));
  }

  /**
   * The best choice without the excluded programs.
   *
   * @throws {UnsupportedError} no set is left for a hook that is not optional, or for any hook
   */
  choose(): Choice {
    const lacking = lackingForAllTiers(this.#features);
    if (lacking !== null) {
      const { detail, remedy } = lacking;
      throw new UnsupportedError(detail, `${this.#tool} cannot run here: ${detail}.`, { remedy });
    }
    const hooks: HookChoice[] = [];
    const missing: Missing[] = [];
    for (const hook of this.#hooks) {
      const found = this.#chooseFor(hook);
      if (typeof found !== "string") hooks.push(found);
      else if (hook.optional === undefined) {
        const why = this.#tierReason(hook) ?? `${hook.name} cannot be observed: ${found}`;
        throw this.#error([hook], why);
      } else missing.push({ hook: hook.name, what: hook.optional, reason: found });
    }
    if (hooks.length === 0) {
      const [first] = this.#hooks;
      const why = first === undefined ? "nothing to observe" : this.#tierReason(first) ?? missing[0]!.reason;
      throw this.#error(this.#hooks, why);
    }
    const wanted = hooks.flatMap(({ set }) => [...set.all, ...set.ifPresent ?? [], ...set.any ?? []]);
    const programs = [...new Set(wanted)].filter((program) => !this.#excluded.has(program));
    return { hooks, missing, programs };
  }

  /** A hook's best set, or the reason why there is none. */
  #chooseFor(hook: Hook): HookChoice | string {
    const reasons: string[] = [];
    for (const tier of offeredTiers(hook, this.#tier)) {
      const refusal = hookRefusal(hook, tier, this.#features);
      if (refusal !== null) {
        reasons.push(refusal);
        continue;
      }
      for (const set of hook.tiers[tier] ?? []) {
        const present = set.ifPresent?.filter((program) => !this.#absent.has(program)) ?? [];
        const excluded = [...set.all, ...present].find((program) => this.#excluded.has(program));
        if (excluded === undefined) return { hook, tier, set };
        reasons.push(`${tier}: ${this.#excluded.get(excluded)}`);
      }
    }
    return noTier(hook, this.#tier, reasons);
  }

  /** Why the tier of `--tier` cannot observe a hook at all, in a sentence that need not name the tier again; null: it could. */
  #tierReason(hook: Hook): string | null {
    const tier = this.#tier;
    if (tier === undefined) return null;
    if (offeredTiers(hook, tier).length === 0) return noTier(hook, tier, []);
    const { answer, detail } = this.#features[tier];
    return answer === "no" ? detail : null;
  }

  #error(hooks: readonly Hook[], why: string): UnsupportedError {
    const where = this.#tier === undefined ? `on ${kernelName(this.#release)}` : `on the ${this.#tier} tier`;
    const feature = this.#tier ?? [...new Set(hooks.flatMap((hook) => offeredTiers(hook)))].join(" or ");
    return new UnsupportedError(feature, `${this.#tool} cannot run ${where}: ${why}.`, {
      cause: this.#lastError,
      remedy: isOlder(this.#release) ? OLD_REMEDY : remedies(hooks, this.#features, this.#tier),
    });
  }
}

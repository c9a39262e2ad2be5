/**
 * Which tier would observe what, from the kernel's features alone: for `ktop list` and `ktop doctor`, and to spare
 * the loader attempts that cannot succeed.
 *
 * @module
 */
import type { TierName } from "../model/mod.ts";
import { DEFAULT_ORDER, type Features, type Hook, type Probe } from "./hooks.ts";

/** What would happen to one hook. */
export interface HookPlan {
  /** The hook's name. */
  readonly hook: string;
  /** null: it cannot be observed. */
  readonly tier: TierName | null;
  /** Why this tier and no better one, or why none; empty for the tool's first choice. */
  readonly reason: string;
}

/** What would happen to a tool. */
export interface Plan {
  /** `fentry`, `fentry+kprobe` where hooks differ; null: the tool cannot run. */
  readonly tier: string | null;
  /** Why it cannot run, or why not on its first choice; one sentence or empty. */
  readonly reason: string;
  /** What would help, as full sentences; empty when nothing would. */
  readonly remedy: string;
  readonly hooks: readonly HookPlan[];
}

/**
 * The probe that decides over a tier. All programs are relocated by BTF and read the kernel's memory: without these no
 * tier is of use.
 */
function tierProbe(tier: TierName, features: Features): Probe {
  for (const needed of [features.btf, features.lockdown]) {
    if (needed.answer === "no") return needed;
  }
  return features[tier];
}

/** Why a tier is out, in words; what rules out all tiers is said without naming one. */
export function tierRefusal(tier: TierName, features: Features): string | null {
  const probe = tierProbe(tier, features);
  if (probe.answer !== "no") return null;
  return probe === features.btf || probe === features.lockdown ? probe.detail : `${tier}: ${probe.detail}`;
}

/**
 * Names of the tiers used, each once, best first, joined as outputs show them: `fentry+kprobe`. A hook that exists in
 * one tier only (io_uring is always a tracepoint) says nothing of the choice beside hooks that had one.
 */
export function joinTiers(hooks: readonly Hook[], tierOf: (hook: Hook) => TierName | null): string {
  const free = hooks.filter((hook) => offeredTiers(hook).length > 1 && tierOf(hook) !== null);
  const used = new Set((free.length > 0 ? free : hooks).map(tierOf));
  return DEFAULT_ORDER.filter((tier) => used.has(tier)).join("+");
}

/** The tiers that a hook offers, in its order, less those that `--tier` excludes. */
export function offeredTiers(hook: Hook, forced?: TierName): TierName[] {
  return (hook.order ?? DEFAULT_ORDER).filter((tier) =>
    (hook.tiers[tier]?.length ?? 0) > 0 && (forced === undefined || tier === forced)
  );
}

/** Says that none of the tiers a hook offers can be used, each reason once. */
export function noTier(hook: Hook, forced: TierName | undefined, reasons: readonly string[]): string {
  if (reasons.length > 0) return [...new Set(reasons)].join("; ");
  const others = offeredTiers(hook);
  if (forced === "tracepoint" || others.length === 0) return `no tracepoint reports ${hook.name}`;
  const names = others.map((tier) => tier === "tracepoint" ? "tracepoints" : tier);
  return `${hook.name} is watched through ${names.join(" and ")} alone`;
}

function planHook(hook: Hook, features: Features, forced?: TierName): HookPlan {
  const reasons: string[] = [];
  for (const tier of offeredTiers(hook, forced)) {
    const refusal = tierRefusal(tier, features);
    if (refusal === null) return { hook: hook.name, tier, reason: reasons.join("; ") };
    reasons.push(refusal);
  }
  return { hook: hook.name, tier: null, reason: noTier(hook, forced, reasons) };
}

/** Remedies for the tiers of these hooks that the kernel lacks, each once. */
export function remedies(hooks: readonly Hook[], features: Features, forced?: TierName): string {
  const tiers = new Set(hooks.flatMap((hook) => offeredTiers(hook, forced)));
  const lacking = [...tiers].map((tier) => tierProbe(tier, features)).filter((probe) =>
    probe.answer === "no"
  );
  return [...new Set(lacking.map((probe) => probe.remedy).filter((remedy) => remedy !== ""))].join(" ");
}

/**
 * What attaching these hooks would come to. Pure: it believes `features`; the kernel may still refuse a single
 * function later.
 *
 * @param tier `--tier`: no other may be used
 */
export function planTool(hooks: readonly Hook[], features: Features, tier?: TierName): Plan {
  const plans = hooks.map((hook) => planHook(hook, features, tier));
  const lacking = hooks.filter((_, index) => plans[index]!.tier === null);
  const required = lacking.filter((hook) => hook.optional === undefined);
  const usable = required.length === 0 && plans.some((plan) => plan.tier !== null);
  const first = plans.find((plan) => plan.reason !== "" && (usable || plan.tier === null));
  return {
    tier: usable ? joinTiers(hooks, (hook) => plans[hooks.indexOf(hook)]!.tier) : null,
    reason: first?.reason ?? "",
    remedy: first === undefined ? "" : remedies(usable ? hooks : required, features, tier),
    hooks: plans,
  };
}

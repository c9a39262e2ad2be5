/**
 * The tier that each hook would use, from the kernel's features alone: for `ktop list` and `ktop doctor`, and to spare
 * the loader attempts that cannot succeed.
 *
 * @module
 */
import type { TierName } from "../model/mod.ts";
import type { Features } from "./features.ts";
import type { Probe } from "./probe.ts";
import { DEFAULT_ORDER, type Hook } from "./hooks.ts";

/** The tier that a hook would use. */
export interface HookPlan {
  /** The hook's name. */
  readonly hook: string;
  /** null: the hook cannot be observed. */
  readonly tier: TierName | null;
  /** Why this tier and no better one, or why none; empty for the tool's first choice. */
  readonly reason: string;
}

/** The tiers that a tool would use. */
export interface Plan {
  /** "fentry", or "fentry+kprobe" if hooks use different tiers; null: the tool cannot run. */
  readonly tier: string | null;
  /** Why it cannot run, or why not on its first choice; one sentence or empty. */
  readonly reason: string;
  /** What the user can do, as full sentences; empty when nothing helps. */
  readonly remedy: string;
  readonly hooks: readonly HookPlan[];
}

/**
 * The feature that no tier works without and that this kernel does not have; null if it has all. All programs are relocated by
 * BTF and read the kernel's memory.
 */
export function lackingForAllTiers(features: Features): Probe | null {
  return [features.btf, features.lockdown].find(({ answer }) => answer === "no") ?? null;
}

/** The feature probe that decides whether a tier is usable. */
function tierProbe(tier: TierName, features: Features): Probe {
  return lackingForAllTiers(features) ?? features[tier];
}

/** Why a tier cannot be used; null if it can. A reason that applies to all tiers does not name the tier. */
function tierRefusal(tier: TierName, features: Features): string | null {
  const lacking = lackingForAllTiers(features);
  if (lacking !== null) return lacking.detail;
  const probe = features[tier];
  return probe.answer === "no" ? `${tier}: ${probe.detail}` : null;
}

/** As {@linkcode tierRefusal}, of a hook on this tier. */
export function hookRefusal(hook: Hook, tier: TierName, features: Features): string | null {
  const refusal = tierRefusal(tier, features);
  if (refusal !== null || !hook.perfEvents || features.perfEvents.answer !== "no") return refusal;
  return features.perfEvents.detail;
}

/**
 * The tiers in use, each once, best first, joined as outputs show them: "fentry+kprobe". Hooks that offer one tier only
 * (io_uring is always a tracepoint) count only when no hook had a choice.
 */
export function joinTiers(hooks: readonly Hook[], tierOf: (hook: Hook) => TierName | null): string {
  const free = hooks.filter((hook) => offeredTiers(hook).length > 1 && tierOf(hook) !== null);
  const used = new Set((free.length > 0 ? free : hooks).map(tierOf));
  return DEFAULT_ORDER.filter((tier) => used.has(tier)).join("+");
}

/** The tiers that a hook offers, in its order of preference, without those that `--tier` excludes. */
export function offeredTiers(hook: Hook, forced?: TierName): TierName[] {
  return (hook.order ?? DEFAULT_ORDER).filter((tier) =>
    (hook.tiers[tier]?.length ?? 0) > 0 && (forced === undefined || tier === forced)
  );
}

/** Why none of a hook's tiers can be used, each reason once. */
export function noTier(hook: Hook, forced: TierName | undefined, reasons: readonly string[]): string {
  if (reasons.length > 0) return [...new Set(reasons)].join("; ");
  const others = offeredTiers(hook);
  if (hook.perfEvents) return `${hook.name} is a perf event, which is part of the tracepoint tier`;
  if (forced === "tracepoint" || others.length === 0) return `no tracepoint reports ${hook.name}`;
  const names = others.map((tier) => tier === "tracepoint" ? "tracepoints" : tier);
  return `${hook.name} can be observed only through ${names.join(" and ")}`;
}

function planHook(hook: Hook, features: Features, forced?: TierName): HookPlan {
  const reasons: string[] = [];
  for (const tier of offeredTiers(hook, forced)) {
    const refusal = hookRefusal(hook, tier, features);
    if (refusal === null) return { hook: hook.name, tier, reason: reasons.join("; ") };
    reasons.push(refusal);
  }
  return { hook: hook.name, tier: null, reason: noTier(hook, forced, reasons) };
}

/** The remedies for the missing tiers of these hooks, each once. */
export function remedies(hooks: readonly Hook[], features: Features, forced?: TierName): string {
  const tiers = new Set(hooks.flatMap((hook) => offeredTiers(hook, forced)));
  const probes = [...tiers].map((tier) => tierProbe(tier, features));
  if (hooks.some(({ perfEvents }) => perfEvents)) probes.push(features.perfEvents);
  const lacking = probes.filter((probe) => probe.answer === "no");
  return [...new Set(lacking.map((probe) => probe.remedy).filter((remedy) => remedy !== ""))].join(" ");
}

/**
 * The tiers that attaching these hooks would use. Pure: it relies on `features`; the kernel may still refuse a single
 * function later.
 *
 * @param tier `--tier`: no other is used
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

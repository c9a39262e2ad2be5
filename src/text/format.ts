/**
 * Numbers, amounts and durations for people to read.
 *
 * @module
 */

const DECIMAL_STEPS = ["", "k", "M", "G", "T", "P", "E"] as const;
const BINARY_STEPS = ["B", "K", "M", "G", "T", "P", "E"] as const;

/** One decimal below ten, none above; "<0.1" rather than "0" for a small value. */
export function shortNumber(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 9.95) return String(Math.round(value));
  const text = value.toFixed(1);
  if (text === "0.0") return "<0.1";
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}

function scaled(value: number, base: number, steps: readonly string[]): string {
  let step = 0;
  let rest = value;
  while (rest >= base - 0.5 && step < steps.length - 1) {
    rest /= base;
    step++;
  }
  return `${shortNumber(rest)}${steps[step]}`;
}

/** A count in at most five characters: `318`, `12k`, `1.5M`. */
export function humanCount(value: number): string {
  return scaled(value, 1000, DECIMAL_STEPS);
}

/** An amount of memory or data: `512B`, `4.2M` (powers of 1024). */
export function humanBytes(bytes: number): string {
  return scaled(bytes, 1024, BINARY_STEPS);
}

/** A duration in its largest two units: `42s`, `5m03s`, `3h07m`, `12d04h`. */
export function humanDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor(whole / 60) % 60)}m`;
  return `${Math.floor(whole / 86_400)}d${two(Math.floor(whole / 3600) % 24)}h`;
}

/** A duration in minutes and larger units: `0m`, `30m`, `3h07m`, `12d04h`. */
export function humanMinutes(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return minutes < 60 ? `${minutes}m` : humanDuration(minutes * 60);
}

/** A count with its noun: "1 row", "2 rows". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** A value kept between two bounds; the lower wins. */
export const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, high));

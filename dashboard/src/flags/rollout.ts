import { type Rollout, shares } from "./model";

export type Part = { variant: string; percent: number };

/** Weights are written in thousandths of a percent: finer than anybody rolls out, and whole numbers. */
const PER_PERCENT = 1_000;
const WHOLE = 100 * PER_PERCENT;

/** The percent of every variant, in bucketing order; variants without a share come last, with none. */
export function toPercents(rollout: Rollout, variants: readonly string[]): Part[] {
  const given = shares(rollout).map((item) => ({ variant: item.variant, percent: Number(item.percent.toFixed(3)) }));
  const rest = variants.filter((variant) => !given.some((item) => item.variant === variant));
  return [...given, ...rest.map((variant) => ({ variant, percent: 0 }))];
}

/**
 * The rollout with these percents. Everything else of it stays, and so does the order, by which people are placed. What is missing to
 * a hundred becomes the remainder. A variant that never had a share and gets none is left out.
 */
export function fromPercents(rollout: Rollout, parts: readonly Part[]): Rollout {
  const had = new Set(rollout.weights.map((item) => item.variant));
  const weights = parts
    .map((item) => ({ variant: item.variant, weight: Math.round(item.percent * PER_PERCENT) }))
    .filter((item) => item.weight > 0 || had.has(item.variant));
  const remainder = WHOLE - weights.reduce((sum, item) => sum + item.weight, 0);
  const { remainder: _, ...others } = rollout;
  return { ...others, weights, ...(remainder > 0 ? { remainder } : {}) };
}

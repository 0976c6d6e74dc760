import type { Environment, Gate } from "../api/queries";
import { type Operation, same } from "../changes/operations";
import type { Configuration, FlagModel } from "../flags/model";

/** The types in the order in which a change travels through them. */
const TYPES = ["development", "staging", "production"] as const;

const place = (type: string) => TYPES.indexOf(type as (typeof TYPES)[number]);

/** Environments side by side by what kind they are; a kind that nobody has is no lane. */
export const lanesOf = (environments: readonly Environment[]) =>
  TYPES.map((type) => ({ type, environments: environments.filter((item) => item.type === type) })).filter(
    (lane) => lane.environments.length > 0,
  );

/** The one that is called most like another: `eu-staging` goes on to `eu-production`. */
export function counterpart(environment: Pick<Environment, "key">, among: readonly Environment[]): Environment | undefined {
  return among.reduce<Environment | undefined>(
    (best, item) => (best && alike(best.key, environment.key) >= alike(item.key, environment.key) ? best : item),
    undefined,
  );
}

function alike(one: string, other: string): number {
  const shortest = Math.min(one.length, other.length);
  const differs = (at: (length: number) => boolean) => {
    let length = 0;
    while (length < shortest && at(length)) length++;
    return length;
  };
  return (
    differs((length) => one[length] === other[length]) + differs((length) => one.at(-1 - length) === other.at(-1 - length))
  );
}

export type Step = { from: Environment; to: Environment };

/** From where to where, as the address says; what it leaves open goes one kind further, to the environment called most like it. */
export function stepOf(environments: readonly Environment[], from: string | undefined, to: string | undefined): Step | null {
  const lanes = lanesOf(environments);
  const target = environments.find((item) => item.key === to);
  const lane = lanes.findIndex((item) => item.type === target?.type);
  const source =
    environments.find((item) => item.key === from && item.key !== to) ??
    (target ? counterpart(target, (lanes[lane - 1]?.environments ?? environments).filter((item) => item !== target)) : lanes[0]?.environments[0]);
  if (!source) return null;
  const next = lanes.find((item) => place(item.type) > place(source.type))?.environments ?? environments;
  const goal = target ?? counterpart(source, next.filter((item) => item !== source));
  return goal ? { from: source, to: goal } : null;
}

/** What a promotion copies (docs/operations.md): overrides and the fallback stay where they are. */
const copied = ({ enabled, rules, fallthrough, prerequisites, offVariant }: Configuration) => ({
  enabled,
  rules,
  fallthrough,
  prerequisites,
  offVariant,
});

/** Whether a promotion would change anything. */
export function differs(flag: FlagModel, { from, to }: Step): boolean {
  const [source, target] = [flag.environments[from.key], flag.environments[to.key]];
  return source !== undefined && target !== undefined && !same(copied(source), copied(target));
}

export const promoteOperation = (flag: Pick<FlagModel, "key" | "revision">, { from, to }: Step): Operation => ({
  op: "promote",
  flag: flag.key,
  environment: to.key,
  from: from.key,
  baseRevision: flag.revision,
});

/** The gates on the way from one kind to another. */
export const gatesBetween = (gates: readonly Gate[], from: string, to: string) =>
  gates.filter((gate) => gate.from === from && gate.to === to);

/** Whether a way leads upwards, where there must be a gate once any are in force. */
export const isUpwards = ({ from, to }: Step) => place(to.type) > place(from.type);

/** What a gate asks for, part by part. */
export function gateWords(gate: Gate): string[] {
  const words = [];
  if (gate.soakMinutes > 0) words.push(`${soakText(gate.soakMinutes)} in force there`);
  if (typeof gate.maxErrorRate === "number") words.push(`errors ≤ ${percent(gate.maxErrorRate)}`);
  if (typeof gate.minSuccessRate === "number") words.push(`successes ≥ ${percent(gate.minSuccessRate)}`);
  if (gate.approvals) words.push(gate.approvals === 1 ? "one approval" : `${gate.approvals} approvals`);
  return words;
}

const percent = (share: number) => `${Number((share * 100).toFixed(2))} %`;

const MINUTES_OF_A_DAY = 1_440;

function soakText(minutes: number): string {
  if (minutes % MINUTES_OF_A_DAY === 0 && minutes > MINUTES_OF_A_DAY) return `${minutes / MINUTES_OF_A_DAY} days`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

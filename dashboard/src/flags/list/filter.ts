import type { Glance } from "../../api/queries";

/** What the list of flags shows; it stands in the address. */
export type FlagFilter = {
  q?: string;
  tag?: string;
  owner?: string;
  status?: string;
  kind?: string;
  env?: string;
  state?: "on" | "partly" | "off";
  /** The form for a new flag is open. */
  create?: boolean;
};

export const STATUSES = ["draft", "active", "deprecated", "archived"] as const;
export const KINDS = ["release", "experiment", "operational", "kill-switch", "permission"] as const;

const STATES = ["on", "partly", "off"] as const;
const TEXTS = ["q", "tag", "owner", "status", "kind", "env"] as const;

/** Reads the filter from an address; what nobody knows is left out. */
export function readFlagFilter(search: Record<string, unknown>): FlagFilter {
  const filter: FlagFilter = {};
  for (const name of TEXTS) {
    const value = search[name];
    if (value !== undefined && value !== null && value !== "") filter[name] = String(value);
  }
  const state = STATES.find((name) => name === search.state);
  if (state) filter.state = state;
  if (search.create === true) filter.create = true;
  return filter;
}

/** What a flag serves in an environment, at a glance. */
export type State = { kind: "on" | "partly" | "off"; share: number; words: string };

const WHOLE = 100_000;

export function stateOf(flag: Pick<Glance, "on" | "status">, environment: string): State {
  const served = flag.on[environment];
  if (!served || flag.status === "draft" || flag.status === "archived") return { kind: "off", share: 0, words: "off" };
  const rules = served.rules + served.overrides;
  if (typeof served.share === "number") {
    const percent = percentOf(served.share);
    return { kind: "partly", share: served.share / WHOLE, words: rules > 0 ? `${percent}, ${count(rules)}` : percent };
  }
  return {
    kind: rules > 0 ? "partly" : "on",
    share: 1,
    words: rules > 0 ? `on, ${count(rules)}` : "on",
  };
}

/** Thousandths of a percent as people read them: 12.5 %. */
export function percentOf(share: number): string {
  const percent = share / 1_000;
  return `${percent < 0.1 && percent > 0 ? "<0.1" : Number(percent.toFixed(1))} %`;
}

const count = (rules: number) => `${rules} ${rules === 1 ? "rule" : "rules"}`;

export function matches(flag: Glance, filter: FlagFilter): boolean {
  if (filter.status && flag.status !== filter.status) return false;
  if (filter.kind && flag.kind !== filter.kind) return false;
  if (filter.owner && flag.owner !== filter.owner) return false;
  if (filter.tag && !flag.tags.includes(filter.tag)) return false;
  if (filter.state && !inState(flag, filter.state, filter.env)) return false;
  if (!filter.q) return true;
  const words = filter.q.toLowerCase().split(/\s+/);
  const where = `${flag.key} ${flag.name} ${flag.owner} ${flag.tags.join(" ")}`.toLowerCase();
  return words.every((word) => where.includes(word));
}

function inState(flag: Glance, state: NonNullable<FlagFilter["state"]>, environment: string | undefined): boolean {
  if (environment) return stateOf(flag, environment).kind === state;
  const served = Object.keys(flag.on).map((key) => stateOf(flag, key).kind);
  // Nowhere named: off means off everywhere, the others mean somewhere.
  return state === "off" ? served.every((kind) => kind === "off") : served.includes(state);
}

/** The values that occur, with how often; the most frequent first. */
export function tally(values: Iterable<string>): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((one, other) => other.count - one.count || one.value.localeCompare(other.value));
}

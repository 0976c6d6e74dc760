import type { Environment, Flag } from "../api/queries";
import { stateOf } from "./list/filter";

/** A flag as the pages work with it: what the API's description leaves open is said here (docs/operations.md, docs/evaluation.md). */

export type Variant = { key: string; value: unknown; description?: string };

export type Condition = {
  attribute?: string;
  operator: string;
  values: (string | number | boolean)[];
  negate?: boolean;
  whenMissing?: "match" | "noMatch";
};

export type Weight = { variant: string; weight: number };

export type Rollout = {
  weights: Weight[];
  remainder?: number;
  salt?: string;
  bucketBy?: string;
  experiment?: { key: string; control: string; traffic: number };
  gate?: { share: number; salt?: string; bucketBy?: string };
};

export type Serve = { variant?: string; rollout?: Rollout };

export type Rule = { id: string; name?: string; enabled?: boolean; conditions: Condition[]; serve: Serve };

export type Override = {
  id: string;
  targetingKey?: string;
  attribute?: string;
  value?: string | number | boolean;
  variant: string;
  expiresAt?: string;
  emergency?: boolean;
};

export type Prerequisite = { flag: string; variants: string[] };

export type Configuration = {
  enabled: boolean;
  offVariant: string;
  fallbackVariant?: string;
  prerequisites: Prerequisite[];
  overrides: Override[];
  rules: Rule[];
  fallthrough: Serve;
};

export type FlagDetails = { name: string; description: string; owner: string; tags: string[]; kind: string };

export type FlagModel = FlagDetails & {
  key: string;
  type: string;
  status: string;
  revision: number;
  hash?: string;
  variants: Variant[];
  environments: Record<string, Configuration>;
};

/**
 * The flag with a configuration in every environment that is there: its own if that was made for this very environment, else
 * disabled with the flag's defaults, as the server reads it too.
 */
export function modelOf(flag: Flag, environments: readonly Environment[]): FlagModel {
  return {
    key: flag.key,
    type: flag.type,
    status: flag.status,
    kind: flag.kind,
    name: flag.name,
    description: flag.description,
    owner: flag.owner,
    tags: [...flag.tags],
    revision: flag.revision,
    ...(flag.hash ? { hash: flag.hash } : {}),
    variants: flag.variants as Variant[],
    environments: Object.fromEntries(
      environments.map((environment) => {
        const own = flag.environments[environment.key];
        return [environment.key, own?.environmentId === environment.id ? configurationOf(own) : defaults(flag)];
      }),
    ),
  };
}

function configurationOf(own: NonNullable<Flag["environments"][string]>): Configuration {
  return {
    enabled: own.enabled,
    offVariant: own.offVariant,
    ...(own.fallbackVariant ? { fallbackVariant: own.fallbackVariant } : {}),
    prerequisites: own.prerequisites as Prerequisite[],
    overrides: own.overrides as Override[],
    rules: own.rules as Rule[],
    fallthrough: own.fallthrough as Serve,
  };
}

const defaults = (flag: Flag): Configuration => ({
  enabled: false,
  offVariant: flag.defaults.off,
  prerequisites: [],
  overrides: [],
  rules: [],
  fallthrough: { variant: flag.defaults.on },
});

/** A value as it is written in one line. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The share of each variant, in percent; what is left over goes on to the next rule. */
export function shares(rollout: Rollout): { variant: string; percent: number }[] {
  const total = rollout.weights.reduce((sum, item) => sum + item.weight, 0) + (rollout.remainder ?? 0);
  return rollout.weights.map((item) => ({ variant: item.variant, percent: total === 0 ? 0 : (item.weight / total) * 100 }));
}

/** What is served, in words. */
export function serveText(serve: Serve): string {
  if (serve.variant !== undefined) return serve.variant;
  return shares(serve.rollout ?? { weights: [] })
    .map((item) => `${Number(item.percent.toFixed(2))} % ${item.variant}`)
    .join(" · ");
}

/** An id that the list does not have yet. */
export function freshId(prefix: string, taken: readonly { id: string }[]): string {
  let number = taken.length + 1;
  while (taken.some((item) => item.id === `${prefix}_${number}`)) number++;
  return `${prefix}_${number}`;
}

const WHOLE = 100_000;

/** The state of a flag or a draft in an environment, told as the list of flags tells it. */
export function stateHere(flag: FlagModel, environment: Environment) {
  const configuration = flag.environments[environment.key]!;
  const { rollout, variant } = configuration.fallthrough;
  const share = rollout
    ? Math.round(
        (shares(rollout)
          .filter((item) => item.variant !== configuration.offVariant)
          .reduce((sum, item) => sum + item.percent, 0) /
          100) *
          WHOLE,
      )
    : undefined;
  const on =
    configuration.enabled && environment.enabled
      ? { here: { variant, share, rules: configuration.rules.length, overrides: configuration.overrides.length } }
      : {};
  return stateOf({ on: on as never, status: flag.status }, "here");
}

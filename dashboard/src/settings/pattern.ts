/** Where a grant or an assignment counts; every list that is set narrows. */
export type Pattern = {
  projects?: readonly string[] | null;
  environments?: readonly string[] | null;
  environmentTypes?: readonly string[] | null;
  tags?: readonly string[] | null;
  kinds?: readonly string[] | null;
};

export const LIMITS: { name: keyof Pattern; label: string; words: string }[] = [
  { name: "projects", label: "Projects", words: "in" },
  { name: "environmentTypes", label: "Types of environment", words: "where it is" },
  { name: "environments", label: "Environments", words: "in environment" },
  { name: "tags", label: "Tags of flags", words: "tagged" },
  { name: "kinds", label: "Kinds of flags", words: "of kind" },
];

export const ENVIRONMENT_TYPES = ["none", "development", "staging", "production"];

/** A pattern in words: "in shop · where it is development or staging". */
export function patternText(pattern: Pattern | null | undefined): string {
  const parts = LIMITS.flatMap(({ name, words }) => {
    const values = pattern?.[name];
    return values?.length ? [`${words} ${values.join(" or ")}`] : [];
  });
  return parts.length > 0 ? parts.join(" · ") : "everywhere";
}

/** The pattern without lists that narrow nothing. */
export const compact = (pattern: Pattern): Pattern => Object.fromEntries(Object.entries(pattern).filter(([, values]) => values?.length));

export type Grant = {
  effect: string;
  actions: readonly string[];
  resource?: Pattern | null;
  when?: {
    ticket?: boolean | null;
    incident?: boolean | null;
    actorKinds?: readonly string[] | null;
    acr?: readonly string[] | null;
    maxAgeSeconds?: number | null;
  } | null;
};

/** What must hold besides, in words; nothing where nothing must. */
export function conditionsText(when: Grant["when"]): string {
  const parts = [
    when?.ticket ? "with a ticket" : "",
    when?.incident ? "with an incident" : "",
    when?.actorKinds?.length ? `for ${when.actorKinds.join(" or ")}` : "",
    when?.acr?.length ? `logged in by ${when.acr.join(" or ")}` : "",
    when?.maxAgeSeconds ? `within ${when.maxAgeSeconds} s of the log-in` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** All that is wrong with a role's grants while they are edited. */
export const grantProblems = (grants: readonly Grant[]): string[] =>
  grants.flatMap((grant, index) => (grant.actions.length === 0 ? [`Grant ${index + 1} names no action.`] : []));

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, getText, type Query, type Schemas } from "./client";

/** Every read of the dashboard: key and function together, so that whoever writes can say what is no longer true. */

export type Project = Schemas["ProjectAnswer"];
export type Environment = Schemas["EnvironmentAnswer"];
export type Glance = Schemas["FlagGlanceAnswer"];
export type Flag = Schemas["FlagAnswer"];
export type Segment = Schemas["SegmentAnswer"];
export type Entry = Schemas["EntryAnswer"];
export type ChangeRequest = Schemas["ChangeRequestAnswer"];
export type Preview = Schemas["PreviewAnswer"];
export type ChangeAnswer = Schemas["ChangeAnswer"];

const LARGEST_PAGE = 1_000;

/** Whoever reads the log is in it: it is read when somebody asks for it, and not again because a window came to the front. */
const readOnce = { staleTime: 300_000, refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

/** A list that is read page by page as somebody asks for more. */
const pageByPage = <T extends { next: string | null }>(queryKey: readonly unknown[], page: (cursor: string | undefined) => Promise<T>) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async () => (await get("/api/v1/projects", { query: { limit: LARGEST_PAGE } })).items,
  staleTime: 60_000,
});

/** Environments in the order in which a change travels through them. */
export const environmentsQuery = (project: string, at?: string) =>
  queryOptions({
    queryKey: ["project", project, "environments", at ?? "now"],
    queryFn: async () => {
      const { items } = await get("/api/v1/projects/{project}/environments", {
        path: { project },
        query: { limit: LARGEST_PAGE, at },
      });
      return items.toSorted((one, other) => one.order - other.order || one.key.localeCompare(other.key));
    },
    staleTime: 60_000,
  });

export const segmentsQuery = (project: string) =>
  queryOptions({
    queryKey: ["project", project, "segments"],
    queryFn: async () =>
      (await get("/api/v1/projects/{project}/segments", { path: { project }, query: { limit: LARGEST_PAGE } })).items,
    staleTime: 60_000,
  });

/** All flags at a glance, page after page: searching and filtering happens here, as fast as one types. */
export const glancesQuery = (project: string) =>
  queryOptions({
    queryKey: ["project", project, "glances"],
    queryFn: async ({ signal }) => {
      const all: Glance[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await get("/api/v1/projects/{project}/flag-overview", {
          path: { project },
          query: { limit: LARGEST_PAGE, cursor },
          signal,
        });
        all.push(...page.items);
        cursor = page.next;
      } while (cursor);
      return all;
    },
    staleTime: 15_000,
  });

export const flagQuery = (project: string, flag: string, at?: string) =>
  queryOptions({
    queryKey: ["project", project, "flag", flag, at ?? "now"],
    queryFn: () => get("/api/v1/projects/{project}/flags/{flag}", { path: { project, flag }, query: { at } }),
  });

export const historyQuery = (project: string, flag: string) =>
  ({
    ...pageByPage(["project", project, "flag", flag, "history"], (cursor) =>
      get("/api/v1/projects/{project}/flags/{flag}/history", { path: { project, flag }, query: { limit: 50, cursor } }),
    ),
    ...readOnce,
  });

export type RequestFilter = {
  project?: string | undefined;
  state?: string | undefined;
  /** Those alone that are not over. */
  open?: true;
  requester?: "me";
  waitingFor?: "me";
};

export const requestsQuery = (filter: RequestFilter) =>
  pageByPage(["requests", filter], (cursor) => get("/api/v1/change-requests", { query: { ...filter, limit: 100, cursor } }));

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ["request", id],
    queryFn: () => get("/api/v1/change-requests/{id}", { path: { id } }),
  });

/** Who could approve a request now, and who may do so for them. */
export const approversQuery = (id: string) =>
  queryOptions({
    queryKey: ["request", id, "approvers"],
    queryFn: () => get("/api/v1/change-requests/{id}/approvers", { path: { id } }),
  });

export type AuditFilter = { [name: string]: string | undefined };

export const auditQuery = (filter: AuditFilter) =>
  ({
    ...pageByPage(["audit", filter], (cursor) => get("/api/v1/audit", { query: { ...filter, limit: 100, cursor } })),
    ...readOnce,
  });

export const auditCountQuery = (filter: AuditFilter) =>
  queryOptions({
    ...readOnce,
    queryKey: ["audit", "count", filter],
    queryFn: async () => (await get("/api/v1/audit/count", { query: filter })).count,
  });

export const entryQuery = (entry: string) =>
  queryOptions({
    ...readOnce,
    queryKey: ["entry", entry],
    queryFn: () => get("/api/v1/audit/{entry}", { path: { entry } }),
  });

/** The proof file, as it came: what is checked is the text. */
export const proofQuery = (index: number) =>
  queryOptions({
    queryKey: ["proof", index],
    queryFn: () => getText("/api/v1/audit/{index}/proof" as never, { path: { index } }),
  });

export const ledgerQuery = queryOptions({
  queryKey: ["ledger"],
  queryFn: () => get("/api/v1/ledger/status", {}),
  staleTime: 30_000,
});

export const policiesQuery = queryOptions({
  queryKey: ["policies"],
  queryFn: () => get("/api/v1/policies", {}),
  staleTime: 60_000,
});

const MOST_NAMES = 100;

/** The names behind pseudonymous ids, for those who may read them. */
export const peopleQuery = (subjects: readonly string[]) => {
  const wanted = [...new Set(subjects)].toSorted().slice(0, MOST_NAMES);
  return queryOptions({
    queryKey: ["people", wanted],
    queryFn: async () => (await get("/api/v1/people", { query: { subject: wanted } })).names,
    staleTime: 300_000,
  });
};

export type Credential = Schemas["CredentialAnswer"];
export type User = Schemas["UserAnswer"];
export type ServiceAccount = Schemas["ServiceAccountAnswer"];
export type Role = Schemas["RoleAnswer"];
export type Assignment = Schemas["AssignmentAnswer"];
export type Sink = Schemas["SinkAnswer"];
export type Hold = Schemas["HoldAnswer"];
export type Retention = Schemas["RetentionAnswer"];
export type Compliance = Schemas["ComplianceAnswer"];

/** All pages of a list, one after the other. */
async function everyPage<T>(page: (cursor: string | undefined) => Promise<{ items: readonly T[]; next: string | null }>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    all.push(...items);
    cursor = next ?? undefined;
  } while (cursor);
  return all;
}

/** A list that belongs to the tenant itself; whatever is written there makes all of these untrue. */
const tenantList = <P extends keyof Items>(name: P) =>
  queryOptions({
    queryKey: ["tenant", name],
    queryFn: ({ signal }) =>
      everyPage<Schemas[Items[P]]>(
        (cursor) => get(`/api/v1/${name}` as "/api/v1/users", { query: { limit: LARGEST_PAGE, cursor }, signal }) as never,
      ),
    staleTime: 15_000,
  });

type Items = {
  users: "UserAnswer";
  "service-accounts": "ServiceAccountAnswer";
  roles: "RoleAnswer";
  assignments: "AssignmentAnswer";
  tokens: "CredentialAnswer";
  "sdk-keys": "CredentialAnswer";
  sinks: "SinkAnswer";
  holds: "HoldAnswer";
  freezes: "FreezeAnswer";
  delegations: "DelegationAnswer";
  checks: "EnvironmentCheckAnswer";
};

export const usersQuery = tenantList("users");
export const serviceAccountsQuery = tenantList("service-accounts");
export const rolesQuery = tenantList("roles");
export const assignmentsQuery = tenantList("assignments");
export const tokensQuery = tenantList("tokens");
export const sdkKeysQuery = tenantList("sdk-keys");
export const sinksQuery = tenantList("sinks");
export const holdsQuery = tenantList("holds");
export const freezesQuery = tenantList("freezes");
export const delegationsQuery = tenantList("delegations");
export const checksQuery = tenantList("checks");

export const retentionQuery = queryOptions({ queryKey: ["tenant", "retention"], queryFn: () => get("/api/v1/retention", {}) });

export const sinkStatusQuery = (sink: string) =>
  queryOptions({
    queryKey: ["tenant", "sink", sink, "status"],
    queryFn: () => get("/api/v1/sinks/{sink}/status", { path: { sink } }),
    refetchInterval: 10_000,
  });

export const segmentQuery = (project: string, segment: string) =>
  queryOptions({
    queryKey: ["project", project, "segment", segment],
    queryFn: () => get("/api/v1/projects/{project}/segments/{segment}", { path: { project, segment } }),
  });

/** The flags whose rules name a segment, each whole. */
export const segmentUsesQuery = (project: string, segment: string) =>
  queryOptions({
    queryKey: ["project", project, "segment", segment, "uses"],
    queryFn: ({ signal }) =>
      everyPage<Flag>((cursor) =>
        get("/api/v1/projects/{project}/flags", { path: { project }, query: { segment, limit: LARGEST_PAGE, cursor }, signal }),
      ),
  });

export const complianceQuery = (project: string, flag: string, question: Query) =>
  queryOptions({
    queryKey: ["project", project, "flag", flag, "compliance", question],
    queryFn: ({ signal }) =>
      get("/api/v1/projects/{project}/flags/{flag}/compliance", { path: { project, flag }, query: question, signal }),
    retry: false,
  });

export type Gate = Schemas["PromotionGateBody"];
export type FlagGates = Schemas["FlagGatesAnswer"];

/** Every flag of a project, whole: what the list at a glance leaves out is needed to tell where configurations differ. */
export const flagsQuery = (project: string) =>
  queryOptions({
    queryKey: ["project", project, "flags"],
    queryFn: ({ signal }) =>
      everyPage<Flag>((cursor) =>
        get("/api/v1/projects/{project}/flags", { path: { project }, query: { limit: LARGEST_PAGE, cursor }, signal }),
      ),
    staleTime: 15_000,
  });

export const promotionGatesQuery = queryOptions({
  queryKey: ["tenant", "promotion-gates"],
  queryFn: () => get("/api/v1/promotion-gates", {}),
  staleTime: 60_000,
});

/** What stands in the way of promoting a flag from one environment to another. */
export const flagGatesQuery = (project: string, flag: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["project", project, "flag", flag, "gates", from, to],
    queryFn: ({ signal }) =>
      get("/api/v1/projects/{project}/flags/{flag}/gates", { path: { project, flag }, query: { from, to }, signal }),
    staleTime: 15_000,
  });

/** What a flag served in an environment, hour by hour. */
export const servedQuery = (project: string, flag: string, environment: string, hours: number) =>
  queryOptions({
    queryKey: ["project", project, "flag", flag, "served", environment, hours],
    queryFn: ({ signal }) => {
      const to = new Date();
      const from = new Date(to.getTime() - (hours - 1) * 3_600_000);
      return get("/api/v1/projects/{project}/flags/{flag}/evaluations", {
        path: { project, flag },
        query: { environment, from: from.toISOString(), to: to.toISOString() },
        signal,
      });
    },
    staleTime: 30_000,
  });

/** How often each flag of an environment was evaluated since a time. */
export const servedMostQuery = (project: string, environment: string, hours: number) =>
  queryOptions({
    queryKey: ["project", project, "served", environment, hours],
    queryFn: ({ signal }) =>
      get("/api/v1/projects/{project}/evaluations", {
        path: { project },
        query: { environment, from: new Date(Date.now() - (hours - 1) * 3_600_000).toISOString() },
        signal,
      }),
    staleTime: 60_000,
  });

export const accessPolicyQuery = queryOptions({
  queryKey: ["tenant", "authorization-policy"],
  queryFn: () => get("/api/v1/authorization/policy", {}),
});

export type Bypass = Schemas["BypassAnswer"];
export type ApprovalPolicies = Schemas["ApprovalPoliciesAnswer"];
export type PolicySimulation = Schemas["PolicySimulationAnswer"];
export type Freeze = Schemas["FreezeAnswer"];
export type Delegation = Schemas["DelegationAnswer"];
export type EnvironmentCheck = Schemas["EnvironmentCheckAnswer"];

const IN_AN_EMERGENCY = 10_000;

/** Emergency bypasses, the newest first. Others act on them meanwhile, so they are asked for again and again. */
export const bypassesQuery = (filter: { open?: boolean; overdue?: boolean; state?: string }) =>
  ({
    ...pageByPage(["tenant", "bypasses", filter], (cursor) => get("/api/v1/bypasses", { query: { ...filter, limit: 100, cursor } })),
    refetchInterval: IN_AN_EMERGENCY,
  });

export const bypassQuery = (id: string) =>
  queryOptions({
    queryKey: ["tenant", "bypass", id],
    queryFn: () => get("/api/v1/bypasses/{id}", { path: { id } }),
    refetchInterval: IN_AN_EMERGENCY,
  });


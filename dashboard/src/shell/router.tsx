import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { LogIn } from "../session/LogIn";
import { sessionQuery } from "../session/session";
import { readQuestion } from "../compliance/question";
import { readFlagFilter } from "../flags/list/filter";
import { NotFound, PageFailure } from "./Fallbacks";
import { REQUEST_VIEWS } from "../requests/states";
import { queryClient } from "./query-client";
import { Root } from "./Root";
import { Shell } from "./Shell";

/**
 * Every address of the dashboard. What a page shows stands in its address whole, so that a link to it is a link to what one sees.
 * Pages but the list of flags load when they are opened first.
 */
const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: PageFailure });

/** Reads a route's search, and nothing else of the address: the router itself would hand on what nobody read. */
const only =
  <T extends object>(read: (search: Record<string, unknown>) => T) =>
  (search: Record<string, unknown>): T => ({ ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])), ...read(search) });

const text = (value: unknown): string | undefined => {
  // The router reads 42 and true as what they look like; here they are texts that were typed.
  const words = value === undefined || value === null ? "" : String(value);
  return words === "" ? undefined : words;
};

const logInRoute = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: LogIn,
  validateSearch: only((search): { returnTo?: string } => {
    const to = text(search.returnTo);
    // A path of this server and nothing that a browser takes for another's.
    return to && /^\/(?![/\\])/.test(to) ? { returnTo: to } : {};
  }),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ location }) => {
    if (!(await queryClient.ensureQueryData(sessionQuery)))
      throw redirect({ to: "/login", search: location.href === "/" ? {} : { returnTo: location.href } });
  },
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("../home/HomePage"), "HomePage"),
});

const flags = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project/flags",
  component: lazyRouteComponent(() => import("../flags/list/FlagsPage"), "FlagsPage"),
  validateSearch: only(readFlagFilter),
});

const FLAG_TABS = ["targeting", "variants", "evaluate", "served", "history", "json"] as const;
const RANGES = ["day", "week", "month"] as const;
export type FlagTab = (typeof FLAG_TABS)[number];

const flag = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project/flags/$flag",
  component: lazyRouteComponent(() => import("../flags/page/FlagPage"), "FlagPage"),
  validateSearch: only((search): { tab?: FlagTab; env?: string; at?: string; range?: (typeof RANGES)[number]; emergency?: boolean } => {
    const range = RANGES.find((name) => name === search.range);
    const tab = FLAG_TABS.find((name) => name === search.tab);
    const env = text(search.env);
    const at = text(search.at);
    return {
      ...(tab ? { tab } : {}),
      ...(env ? { env } : {}),
      ...(at && !Number.isNaN(Date.parse(at)) ? { at } : {}),
      ...(range ? { range } : {}),
      ...(search.emergency === true ? { emergency: true } : {}),
    };
  }),
});

const requests = createRoute({
  getParentRoute: () => shell,
  path: "/requests",
  component: lazyRouteComponent(() => import("../requests/RequestsPage"), "RequestsPage"),
  validateSearch: only((search): { view?: (typeof REQUEST_VIEWS)[number] } => {
    const view = REQUEST_VIEWS.find((name) => name === search.view);
    return view ? { view } : {};
  }),
});

const request = createRoute({
  getParentRoute: () => shell,
  path: "/requests/$id",
  component: lazyRouteComponent(() => import("../requests/RequestPage"), "RequestPage"),
});

const AUDIT_FILTERS = [
  "project", "flag", "kind", "key", "resource", "action", "actor", "actorKind", "environment", "ticket", "incident", "changeRequest", "text",
  "succeeded", "imported", "import", "from", "to",
] as const;
export type AuditSearch = { [K in (typeof AUDIT_FILTERS)[number]]?: string };

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  component: lazyRouteComponent(() => import("../audit/AuditPage"), "AuditPage"),
  validateSearch: only(
    (search): AuditSearch & { live?: boolean } => ({
      ...Object.fromEntries(
        AUDIT_FILTERS.flatMap((name) => {
          const value = text(search[name]);
          return value ? [[name, value]] : [];
        }),
      ),
      ...(search.live === true ? { live: true } : {}),
    }),
  ),
});

const entry = createRoute({
  getParentRoute: () => shell,
  path: "/audit/$entry",
  component: lazyRouteComponent(() => import("../audit/EntryPage"), "EntryPage"),
});

const segments = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project/segments",
  component: lazyRouteComponent(() => import("../segments/SegmentsPage"), "SegmentsPage"),
  validateSearch: only((search): { q?: string; create?: boolean } => {
    const q = text(search.q);
    return { ...(q ? { q } : {}), ...(search.create === true ? { create: true } : {}) };
  }),
});

const SEGMENT_TABS = ["members", "uses", "history"] as const;

const segment = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project/segments/$segment",
  component: lazyRouteComponent(() => import("../segments/SegmentPage"), "SegmentPage"),
  validateSearch: only((search): { tab?: (typeof SEGMENT_TABS)[number] } => {
    const tab = SEGMENT_TABS.find((name) => name === search.tab);
    return tab ? { tab } : {};
  }),
});

const environments = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project/environments",
  component: lazyRouteComponent(() => import("../environments/EnvironmentsPage"), "EnvironmentsPage"),
  validateSearch: only((search): { env?: string; create?: boolean } => {
    const env = text(search.env);
    return { ...(env ? { env } : {}), ...(search.create === true ? { create: true } : {}) };
  }),
});

const promotion = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project/promotion",
  component: lazyRouteComponent(() => import("../promotion/PromotionPage"), "PromotionPage"),
  validateSearch: only((search): { from?: string; to?: string; q?: string | undefined } => {
    const [from, to, q] = [text(search.from), text(search.to), text(search.q)];
    return { ...(from ? { from } : {}), ...(to ? { to } : {}), ...(q ? { q } : {}) };
  }),
});

const compliance = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project/compliance",
  component: lazyRouteComponent(() => import("../compliance/CompliancePage"), "CompliancePage"),
  validateSearch: only(readQuestion),
});

const SETTINGS_TABS = ["users", "service-accounts", "assignments", "roles", "policy", "tokens", "sinks", "retention", "log-in"] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/SettingsPage"), "SettingsPage"),
  validateSearch: only((search): { tab?: SettingsTab; subject?: string } => {
    const tab = SETTINGS_TABS.find((name) => name === search.tab);
    const subject = text(search.subject);
    return { ...(tab ? { tab } : {}), ...(subject ? { subject } : {}) };
  }),
});

const BYPASS_VIEWS = ["open", "overdue", "all"] as const;

const emergency = createRoute({
  getParentRoute: () => shell,
  path: "/emergency",
  component: lazyRouteComponent(() => import("../emergency/EmergencyPage"), "EmergencyPage"),
  validateSearch: only((search): { view?: (typeof BYPASS_VIEWS)[number] } => {
    const view = BYPASS_VIEWS.find((name) => name === search.view);
    return view ? { view } : {};
  }),
});

const bypass = createRoute({
  getParentRoute: () => shell,
  path: "/emergency/$id",
  component: lazyRouteComponent(() => import("../emergency/BypassPage"), "BypassPage"),
});

const POLICY_TABS = ["approvals", "freezes", "checks", "delegations"] as const;
export type PolicyTab = (typeof POLICY_TABS)[number];

const policies = createRoute({
  getParentRoute: () => shell,
  path: "/policies",
  component: lazyRouteComponent(() => import("../policies/PoliciesPage"), "PoliciesPage"),
  validateSearch: only((search): { tab?: PolicyTab; policy?: string; month?: string } => {
    const tab = POLICY_TABS.find((name) => name === search.tab);
    const policy = text(search.policy);
    const month = text(search.month);
    return { ...(tab ? { tab } : {}), ...(policy ? { policy } : {}), ...(month && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? { month } : {}) };
  }),
});

export const router = createRouter({
  routeTree: root.addChildren([logInRoute, shell.addChildren([home, flags, flag, requests, request, audit, entry, segments, segment, environments, promotion, compliance, settings, emergency, bypass, policies])]),
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

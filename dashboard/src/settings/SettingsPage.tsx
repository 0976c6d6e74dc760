import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy } from "react";
import { Sections } from "../common/Sections";
import { SETTINGS } from "./sections";

const CONTENT = {
  users: lazy(() => import("./Users")),
  "service-accounts": lazy(() => import("./ServiceAccounts")),
  assignments: lazy(() => import("./Assignments")),
  roles: lazy(() => import("./Roles")),
  policy: lazy(() => import("./AccessPolicy")),
  tokens: lazy(() => import("./Tokens")),
  sinks: lazy(() => import("./Sinks")),
  retention: lazy(() => import("./RetentionAndHolds")),
  "log-in": lazy(() => import("./LogInWays")),
};

/** What belongs to the organisation: who may do what, credentials, where the log goes and how long it stays. */
export function SettingsPage() {
  const { tab } = useSearch({ from: "/shell/settings" });
  const navigate = useNavigate({ from: "/settings" });
  return (
    <Sections title="Settings" icon="shield" parts={SETTINGS} content={CONTENT} tab={tab} onTab={(next) => void navigate({ search: { tab: next } })} />
  );
}

import type { SettingsTab } from "../shell/router";

/** The sections of the settings, each with what one must be allowed to see it. */
export const SETTINGS: { tab: SettingsTab; label: string; action: string }[] = [
  { tab: "users", label: "Users", action: "user.read" },
  { tab: "service-accounts", label: "Service accounts", action: "service-account.read" },
  { tab: "assignments", label: "Assignments", action: "assignment.read" },
  { tab: "roles", label: "Roles", action: "role.read" },
  { tab: "policy", label: "Access policy", action: "policy.read" },
  { tab: "tokens", label: "API tokens", action: "token.read" },
  { tab: "sinks", label: "Sinks", action: "sink.read" },
  { tab: "retention", label: "Retention and holds", action: "retention.read" },
  { tab: "log-in", label: "Log-in", action: "user.read" },
];

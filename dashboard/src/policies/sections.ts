import type { PolicyTab } from "../shell/router";

/** The sections of the policies, each with what one must be allowed to see it. */
export const POLICIES: { tab: PolicyTab; label: string; action: string }[] = [
  { tab: "approvals", label: "Approval policies", action: "approval-policy.read" },
  { tab: "freezes", label: "Freezes", action: "freeze.read" },
  { tab: "checks", label: "Checks", action: "check.read" },
  { tab: "delegations", label: "Delegations", action: "delegation.read" },
];

import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy } from "react";
import { Sections } from "../common/Sections";
import { POLICIES } from "./sections";

const CONTENT = {
  approvals: lazy(() => import("./ApprovalPolicies")),
  freezes: lazy(() => import("./Freezes")),
  checks: lazy(() => import("./Checks")),
  delegations: lazy(() => import("./Delegations")),
};

/** What governs changes: who must approve which and for whom, when nothing riskier may happen, and what must have been seen before. */
export function PoliciesPage() {
  const { tab } = useSearch({ from: "/shell/policies" });
  const navigate = useNavigate({ from: "/policies" });
  return (
    <Sections title="Policies" icon="scales" parts={POLICIES} content={CONTENT} tab={tab} onTab={(next) => void navigate({ search: { tab: next } })} />
  );
}

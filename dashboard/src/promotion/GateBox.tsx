import { Alert, List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { flagGatesQuery } from "../api/queries";
import { Icon } from "../common/Icon";
import { Failure, Rows } from "../common/States";
import type { Step } from "./promotion";

/** What promotion gates say of one flag's way, in the server's words. */
export function GateBox({ project, flag, step }: { project: string; flag: string; step: Step }) {
  const gates = useQuery(flagGatesQuery(project, flag, step.from.key, step.to.key));
  if (gates.isError) return <Failure error={gates.error} retry={() => gates.refetch()} />;
  if (gates.isPending) return <Rows count={1} height={44} />;
  const { inForce, open, blockers, approvals, approvers } = gates.data;
  if (!inForce)
    return (
      <Text size="sm" c="dimmed">
        No promotion gates are in force, so only approval policies have a say.
      </Text>
    );
  if (!open)
    return (
      <Alert color="flare" icon={<Icon name="alert" />} title="The gate is closed">
        <List size="sm" spacing={2}>
          {blockers.map((blocker) => (
            <List.Item key={blocker}>{blocker}</List.Item>
          ))}
        </List>
      </Alert>
    );
  return (
    <Alert color="tide" icon={<Icon name="check" />} title="The gate is open">
      <Text size="sm">
        {approvals === 0
          ? "It asks for no approvals of its own."
          : `It asks for ${approvals === 1 ? "one approval" : `${approvals} approvals`}${approvers.length > 0 ? ` of ${approvers.join(" or ")}` : ""}.`}
      </Text>
    </Alert>
  );
}

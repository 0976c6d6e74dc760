import { Alert, Badge, Button, Group, List, Modal, Stack, Text, Textarea, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { put } from "../api/client";
import { wasRefused } from "../api/problem";
import type { PolicySimulation } from "../api/queries";
import { Needs } from "../changes/Needs";
import { freshKey } from "../changes/submit";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { Failure, Rows } from "../common/States";
import { queryClient } from "../shell/query-client";
import type { PolicyDocument } from "./documents";
import { bodyOf, validationQuery } from "./validate";

/** The last look before policies are put in force: what they would need, what the simulation came to, and why. */
export function PutInForce({
  documents,
  simulated,
  isFirst,
  base,
  onClose,
  onDone,
}: {
  documents: readonly PolicyDocument[];
  /** What a simulation of this very text came to; `null` where there was none. */
  simulated: PolicySimulation | null;
  /** Whether none are in force: these take effect at once. */
  isFirst: boolean;
  /** The revision that they are based on: others' that came meanwhile are not replaced unseen. */
  base: number;
  onClose: () => void;
  onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  const validation = useQuery(validationQuery(documents));
  const preview = validation.data?.preview;
  const [key, renewKey] = useState(freshKey);
  const install = useMutation({
    mutationFn: () =>
      put("/api/v1/policies", {
        body: { policies: bodyOf(documents), ...(reason.trim() ? { reason: reason.trim() } : {}) } as never,
        headers: { "Idempotency-Key": key, "If-Match": `"${base}"` },
      }),
    onSuccess: async (answer) => {
      const id = answer.changeRequest?.id;
      notifications.show(
        id
          ? {
              color: "signal",
              title: "Waits for approval",
              message: (
                <Link to="/requests/$id" params={{ id }}>
                  Open the change request
                </Link>
              ),
            }
          : { color: "tide", title: answer.status === "unchanged" ? "Nothing to do" : "In force", message: null },
      );
      onDone();
      await Promise.all([["policies"], ["requests"], ["project"], ["audit"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
    onError: (error) => {
      if (wasRefused(error)) renewKey(freshKey());
    },
  });
  const waits = preview?.verdict === "require-approval";
  const refusal = preview?.verdict === "deny" ? preview.reason : preview?.approval?.refusal;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    install.mutate();
  };
  return (
    <Modal opened onClose={onClose} size={560} title={<Title order={2}>Put in force</Title>}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <section aria-label="What follows">
            {validation.isPending && <Rows count={3} />}
            {validation.isError && <Failure error={validation.error} retry={() => validation.refetch()} />}
            {refusal && (
              <Alert color="flare" icon={<Icon name="shield" />} title="They cannot be put in force by you">
                {refusal}
              </Alert>
            )}
            {preview && !refusal && (
              <Stack gap="sm">
                <List size="sm">
                  {preview.diff.map((item) => (
                    <List.Item key={item.action + item.description}>{item.description}</List.Item>
                  ))}
                </List>
                {isFirst && (
                  <Text size="sm">These are the first: they take effect at once. From then on another text waits for a second person.</Text>
                )}
                <Group gap={8}>
                  <Title order={3}>Approvals</Title>
                  {waits ? <Badge color="signal">must be approved</Badge> : <Badge color="tide">none needed</Badge>}
                </Group>
                {preview.approval && <Needs requirement={preview.approval.requirement} canApprove={preview.approval.canApprove} />}
              </Stack>
            )}
          </section>
          <section aria-label="Simulated">
            <Title order={3} mb={4}>
              Simulation
            </Title>
            {simulated ? (
              <Text size="sm">
                Of {simulated.changes.toLocaleString()} recorded changes {simulated.gated.toLocaleString()} need approval, {simulated.newlyGated.toLocaleString()} of them
                that go through now; {simulated.newlyBlocked.toLocaleString()} would be denied that are not now, and {simulated.withoutApprovers.toLocaleString()} nobody could
                approve.
              </Text>
            ) : (
              <Text size="sm" c="var(--mantine-color-signal-light-color)">
                This text has not been simulated. Go back to see what it would have meant.
              </Text>
            )}
          </section>
          <Textarea
            label="Why"
            description="It stands in the log for ever."
            data-autofocus
            autosize
            minRows={2}
            maxLength={4_096}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {install.isError && <Failure error={install.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" loading={install.isPending} disabled={!preview || Boolean(refusal)}>
              {waits ? "Ask for approval" : "Put in force"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

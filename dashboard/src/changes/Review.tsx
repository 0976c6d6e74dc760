import { Alert, Badge, Button, Checkbox, Drawer, Group, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { ProblemError, wasRefused } from "../api/problem";
import type { ChangeAnswer, Preview } from "../api/queries";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { Failure, Rows } from "../common/States";
import { DiffList, TypeBadge } from "./DiffList";
import { Needs } from "./Needs";
import { ResourceList } from "./ResourceList";
import type { Operation } from "./operations";
import { type ScheduleDraft, scheduleOf, scheduleProblem } from "./schedule";
import { demandsReason, freshKey, previewQuery, submitChange } from "./submit";
import { When } from "./When";

const MOST_FLAGS = 8;

/** The policy in whose name a freeze denies what would take effect now. */
const FREEZE = "freeze";

/**
 * The one way in which the dashboard changes a project: shows what the server says the change would do, whom it concerns and who must
 * approve it, asks why, and submits it.
 */
export function Review({
  project,
  operations,
  title,
  children,
  isTyping = false,
  onClose,
  onDone,
}: {
  project: string;
  operations: readonly Operation[];
  title: string;
  children?: ReactNode;
  /** Whether the operations lag behind what is being typed: then nothing is submitted. */
  isTyping?: boolean;
  onClose: () => void;
  onDone: (answer: ChangeAnswer) => void;
}) {
  const [reason, setReason] = useState("");
  const [ticket, setTicket] = useState("");
  // One key for one intention: pressing again after a lost answer cannot apply it twice.
  const [key, renewKey] = useState(freshKey);
  const [when, setWhen] = useState<ScheduleDraft>({ isTimed: false });
  const [isException, setException] = useState(false);
  const schedule = scheduleOf(when);
  const terms = { schedule, despiteFreezes: isException };
  const preview = useQuery({ ...previewQuery(project, operations, terms), enabled: operations.length > 0 });
  const isHeldUp = preview.data?.policy === FREEZE || (preview.data?.warnings?.length ?? 0) > 0;
  const mustSayWhy = demandsReason(preview.data);
  const submission = useMutation({
    mutationFn: () => submitChange(project, operations, { reason, ticket, ...terms }, key),
    onSuccess: (answer) => {
      notify(answer, schedule !== undefined && preview.data?.verdict === "allow");
      onDone(answer);
    },
    onError: (error) => {
      if (wasRefused(error)) renewKey(freshKey());
    },
  });
  const isStale = submission.error instanceof ProblemError && [409, 412].includes(submission.error.status);
  const verdict = preview.data?.verdict;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    submission.mutate();
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={<Title order={2}>{title}</Title>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack gap="lg">
          {children}
          {preview.isPending && operations.length > 0 && <Rows count={4} />}
          {preview.isError && <Failure error={preview.error} retry={() => preview.refetch()} />}
          {preview.data && !preview.isError && <Consequences preview={preview.data} isTimed={schedule !== undefined} />}
          {(isHeldUp || isException) && (
            <Checkbox
              label="Ask for an exception to the freeze"
              description="Holders of the role freeze-approver must grant it, besides whoever else must approve."
              checked={isException}
              onChange={(event) => setException(event.currentTarget.checked)}
            />
          )}
          <When draft={when} onChange={setWhen} />
          <Stack gap="sm">
            <Textarea
              label="Why"
              description={mustSayWhy ? "Production is affected, so the log needs a reason." : "It stands in the log for ever."}
              autosize
              minRows={2}
              maxLength={4_096}
              required={mustSayWhy}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <TextInput
              label="Ticket"
              placeholder="WEB-17"
              maxLength={256}
              value={ticket}
              onChange={(event) => setTicket(event.currentTarget.value)}
            />
          </Stack>
          {submission.isError && (
            <Stack gap="xs">
              <Failure error={submission.error} />
              {isStale && (
                <Text size="sm">
                  Your draft is kept. Close this, load the flag again, and see whether your change is still what you want.
                </Text>
              )}
            </Stack>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button
              type="submit"
              loading={submission.isPending}
              // Nobody submits what he was not shown: the dry run must be that of these very operations.
              disabled={!verdict || verdict === "deny" || isTyping || scheduleProblem(when) !== null || preview.isPlaceholderData || preview.isError || Boolean(preview.data?.approval?.refusal)}
            >
              {verdict === "require-approval" ? "Ask for approval" : schedule ? "Schedule it" : "Apply now"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function Consequences({ preview, isTimed }: { preview: Preview; isTimed: boolean }) {
  if (preview.verdict === "deny") {
    return (
      <Alert color="flare" icon={<Icon name="shield" />} title="You may not make this change">
        {preview.reason}
      </Alert>
    );
  }
  return (
    <Stack gap="lg">
      <section aria-label="What changes">
        <Title order={3} mb={8}>
          What changes
        </Title>
        {preview.diff.length === 0 ? (
          <Text c="dimmed">Nothing: everything is so already.</Text>
        ) : (
          <DiffList diff={preview.diff} environments={preview.environments} resources={preview.resources} />
        )}
        {preview.resources.length > 1 && <ResourceList resources={preview.resources} />}
      </section>
      <section aria-label="Who is affected">
        <Title order={3} mb={8}>
          Who is affected
        </Title>
        <Group gap={6} mb={6}>
          {preview.environments.map((environment) => (
            <Group key={environment.key} gap={4}>
              <Text size="sm" className="key">
                {environment.key}
              </Text>
              <TypeBadge type={environment.type} />
            </Group>
          ))}
        </Group>
        <Text size="sm" c="dimmed">
          {preview.flags.length === 1 ? "One flag" : `${preview.flags.length} flags`} in{" "}
          {preview.environments.length === 1 ? "one environment" : `${preview.environments.length} environments`}
          {preview.flags.length > 1 && `: ${preview.flags.slice(0, MOST_FLAGS).join(", ")}${preview.flags.length > MOST_FLAGS ? "…" : ""}`}
          {". "}
          {preview.blastRadius === 0
            ? "Nobody is served anything else by it now."
            : `Blast radius: ${preview.blastRadius === 1 ? "one flag configuration" : `${preview.blastRadius} flag configurations`} that may answer otherwise.`}
        </Text>
      </section>
      {(preview.warnings ?? []).map((warning) => (
        <Alert key={warning} color="signal" icon={<Icon name="clock" />} title="To know besides">
          {warning}
        </Alert>
      ))}
      <section aria-label="Approvals">
        <Group gap={8} mb={8}>
          <Title order={3}>Approvals</Title>
          {preview.verdict === "require-approval" ? <Badge color="signal">must be approved</Badge> : <Badge color="tide">none needed</Badge>}
        </Group>
        {preview.approval ? (
          <>
            <Needs requirement={preview.approval.requirement} canApprove={preview.approval.canApprove} />
            {preview.approval.refusal && (
              <Alert color="flare" mt="xs" title="It cannot be asked for">
                {preview.approval.refusal}
              </Alert>
            )}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {isTimed ? "It takes effect by itself at its time." : "It takes effect as soon as you apply it."}
          </Text>
        )}
      </section>
    </Stack>
  );
}

function notify(answer: ChangeAnswer, isScheduled: boolean) {
  if (answer.status === "pending" && answer.changeRequest) {
    notifications.show({
      color: "signal",
      title: isScheduled ? "Scheduled" : "Waits for approval",
      message: (
        <Link to="/requests/$id" params={{ id: answer.changeRequest.id }}>
          Open the change request
        </Link>
      ),
    });
  } else if (answer.status === "applied") {
    notifications.show({
      color: "tide",
      title: "Applied",
      message: answer.ledger ? (
        <Link to="/audit/$entry" params={{ entry: String(answer.ledger.index) }}>
          Entry {answer.ledger.index} of the log
        </Link>
      ) : null,
    });
  } else {
    notifications.show({ color: "gray", title: "Nothing to do", message: "Everything was so already." });
  }
}

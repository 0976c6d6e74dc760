import { Alert, Badge, Button, Group, Input, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useId, useMemo, useState } from "react";
import { post } from "../api/client";
import { ProblemError, wasRefused } from "../api/problem";
import type { ChangeAnswer, Environment, Preview } from "../api/queries";
import { freshKey, refreshProject } from "../changes/submit";
import { Icon } from "../common/Icon";
import { Failure, Rows } from "../common/States";
import type { FlagModel } from "../flags/model";
import { queryClient } from "../shell/query-client";
import { type Choice, choicesOf, likeliest } from "./bypass";
import { forget, recall, remember } from "./unsent";

const TYPING = 300;
/** Stands for a justification that is still to be written: a dry run writes nothing. */
const NOT_YET = "(not written yet)";

/** Four fields and a button: what is done, for which incident, how bad it is, and why it cannot wait for approvals. */
export default function BeginBypass({
  project,
  flag,
  environments,
  looking,
  onClose,
}: {
  project: string;
  flag: FlagModel;
  environments: readonly Environment[];
  /** The environment that is on the screen. */
  looking: string | undefined;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const place = `${project}/${flag.key}`;
  const choices = useMemo(() => choicesOf(project, flag, environments), [project, flag, environments]);
  // Who is sent to log in again finds what they had written.
  const [draft, setDraft] = useState(
    () => recall(place) ?? { choice: likeliest(choices, looking)?.value ?? "", incident: "", severity: "SEV1", justification: "" },
  );
  const put = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  useEffect(() => remember(place, draft), [place, draft]);
  // Where others did that already nothing else takes its place: what is done in an emergency is what was read.
  const choice = choices.find((item) => item.value === draft.choice);
  const [incident] = useDebouncedValue(draft.incident.trim(), TYPING);
  const preview = useQuery({
    queryKey: ["project", project, "bypass", choice?.operation, choice?.minutes, incident, draft.severity],
    queryFn: async ({ signal }) =>
      (await post("/api/v1/bypasses", {
        query: { dryRun: true },
        body: bodyOf(choice!, { ...draft, incident, justification: NOT_YET }),
        signal,
      })) as unknown as Preview,
    enabled: choice !== undefined && incident !== "",
    retry: false,
    staleTime: 5_000,
  });
  const [key, renewKey] = useState(freshKey);
  const begin = useMutation({
    mutationFn: () =>
      post("/api/v1/bypasses", { body: bodyOf(choice!, draft), headers: { "Idempotency-Key": key } }) as unknown as Promise<ChangeAnswer>,
    onSuccess: async (answer) => {
      forget(place);
      await Promise.all([refreshProject(project), queryClient.invalidateQueries({ queryKey: ["tenant"] })]);
      if (answer.bypass) void navigate({ to: "/emergency/$id", params: { id: answer.bypass.id } });
      else onClose();
    },
    onError: (error) => {
      if (wasRefused(error)) renewKey(freshKey());
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate();
  };
  const close = () => {
    forget(place);
    onClose();
  };
  const severityLabel = useId();
  // What a dry run calls invalid here is the choice: the rest is checked where it is written.
  const impossible = (preview.error instanceof ProblemError && preview.error.kind === "invalid" && preview.error.problem.errors) || [];
  const isImpossible = impossible.length > 0;
  const isReady = choice !== undefined && draft.incident.trim() !== "" && draft.justification.trim() !== "";
  return (
    <Modal opened onClose={close} size={560} title={<Title order={2}>Emergency: {flag.key}</Title>}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="What is done"
            data={grouped(choices)}
            value={choice?.value ?? null}
            allowDeselect={false}
            maxDropdownHeight={320}
            onChange={(value) => value && put({ choice: value })}
          />
          <Group align="flex-end" gap="sm">
            <TextInput
              label="Incident"
              placeholder="INC-1"
              required
              data-autofocus
              flex="1 1 200px"
              maxLength={256}
              classNames={{ input: "key" }}
              value={draft.incident}
              onChange={(event) => put({ incident: event.currentTarget.value })}
            />
            <div>
              <Input.Label labelElement="div" id={severityLabel} display="block">
                How bad it is
              </Input.Label>
              <SegmentedControl
                aria-labelledby={severityLabel}
                data={["SEV1", "SEV2"]}
                value={draft.severity}
                onChange={(severity) => put({ severity })}
              />
            </div>
          </Group>
          <Textarea
            label="Why it cannot wait for approvals"
            description="It stands in the log for ever."
            required
            autosize
            minRows={2}
            maxLength={4_096}
            value={draft.justification}
            onChange={(event) => put({ justification: event.currentTarget.value })}
          />
          <section aria-label="What follows" aria-live="polite">
            {choices.length === 0 ? (
              <Alert color="signal" title="Nothing can be done to it">
                This project has no environment.
              </Alert>
            ) : choice === undefined ? (
              <Alert color="signal" icon={<Icon name="alert" />} title="The flag is another by now">
                What you had chosen cannot be done any more. Look at the flag and choose again.
              </Alert>
            ) : incident === "" ? (
              <Text size="sm" c="dimmed">
                Name the incident to see whether it takes effect at once. SEV3 and SEV4 go the ordinary way: save a change and have it approved.
              </Text>
            ) : preview.isPending ? (
              <Rows count={2} height={22} />
            ) : isImpossible ? (
              <Alert color="flare" icon={<Icon name="alert" />} title="That cannot be done">
                {impossible.map((item) => item.message).join("; ")}. Choose something else.
              </Alert>
            ) : preview.isError ? (
              <Failure error={preview.error} retry={() => preview.refetch()} />
            ) : (
              <Consequences preview={preview.data} choice={choice} />
            )}
          </section>
          {begin.isError && <Failure error={begin.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Back
            </Button>
            <Button
              type="submit"
              color="flare"
              leftSection={<Icon name="bolt" size={16} />}
              loading={begin.isPending}
              disabled={!isReady || isImpossible || preview.isPending || preview.data?.verdict === "deny"}
            >
              Pass approvals by
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const bodyOf = (choice: Choice, draft: { incident: string; severity: string; justification: string }) =>
  ({
    incident: draft.incident.trim(),
    severity: draft.severity,
    justification: draft.justification.trim(),
    operation: choice.operation,
    ...(choice.minutes ? { minutes: choice.minutes } : {}),
  }) as never;

function grouped(choices: readonly Choice[]) {
  const groups = Map.groupBy(choices, (item) => item.environment);
  return [...groups].map(([environment, items]) => ({
    group: `${environment.name || environment.key} · ${environment.type}`,
    items: items.map(({ value, label }) => ({ value, label: `${label} in ${environment.name || environment.key}` })),
  }));
}

/** What the server says of it: whether it takes effect at once, or for whom it waits, and what changes. */
function Consequences({ preview, choice }: { preview: Preview; choice: Choice }) {
  if (preview.verdict === "deny") {
    return (
      <Alert color="flare" icon={<Icon name="shield" />} title="It would be denied">
        {preview.reason}
      </Alert>
    );
  }
  const isAtOnce = preview.diff.some((item) => item.action === "bypass.applied");
  const changes = preview.diff.filter((item) => !item.action.startsWith("bypass."));
  if (changes.length === 0) return <Alert color="signal">Nothing would change: it is so already.</Alert>;
  return (
    <Stack gap={6}>
      <Group gap={8}>
        <Badge color={isAtOnce ? "flare" : "signal"}>{isAtOnce ? "takes effect at once" : "waits for somebody"}</Badge>
        <Text size="sm" c="dimmed">
          {preview.reason}
        </Text>
      </Group>
      <Text size="sm">
        {changes.map((item) => item.description).join("; ")}.{choice.minutes && " It is undone by itself when the time is over."}
      </Text>
      <Text size="xs" c="dimmed">
        Others ratify or refuse it afterwards, and review it.
      </Text>
    </Stack>
  );
}

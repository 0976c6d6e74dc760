import { Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { post } from "../api/client";
import { type ChangeRequest, checksQuery } from "../api/queries";
import { refreshProject } from "../changes/submit";
import { Failure } from "../common/States";
import { Time } from "../common/Time";
import { isAsked } from "../policies/check";
import { usePermissions } from "../session/session";
import { isOpen, stateOf } from "./states";

const RESULTS: Record<string, { words: string; colour: string }> = {
  pass: { words: "passed", colour: "tide" },
  fail: { words: "failed", colour: "flare" },
  inconclusive: { words: "not seen to pass", colour: "signal" },
};

/** What the checks of a request came to, with the evidence; and what else holds it up, in words. */
export function Checks({ request }: { request: ChangeRequest }) {
  const { may } = usePermissions();
  const findings = request.checks ?? [];
  const blockers = request.blockers ?? [];
  const { data: known = [] } = useQuery({ ...checksQuery, enabled: findings.length > 0 && may("check.read") });
  const ask = useMutation({
    mutationFn: (check: string) => post("/api/v1/checks/{check}/run", { path: { check }, body: { request: request.id } as never }),
    onSuccess: async (answer) => {
      await refreshProject(request.project ?? "");
      const state = answer.changeRequest?.state;
      notifications.show({ color: "tide", title: "Asked", message: state ? `It ${stateOf(state).words}.` : null });
    },
  });
  if (findings.length + blockers.length === 0) return null;
  const mayAsk = isOpen(request) && may("check.run");
  return (
    <Card component="section" aria-label="Checks">
      <Title order={2} mb="sm">
        {findings.length > 0 ? "Checks" : "What holds it up"}
      </Title>
      <Stack gap="sm">
        {findings.map(({ check, result, words, evidence }) => {
          const came = RESULTS[result] ?? { words: result, colour: "gray" };
          const source = known.find((item) => item.key === check)?.source;
          return (
            <div key={check}>
              <Group justify="space-between" gap={8} wrap="nowrap">
                <Text size="sm" className="key">
                  {check}
                </Text>
                <Badge color={came.colour}>{came.words}</Badge>
              </Group>
              {words && (
                <Text size="xs" c="dimmed">
                  {words}
                </Text>
              )}
              {evidence && (
                <Text size="xs" c="dimmed">
                  {evidence.source}, seen <Time at={evidence.observedAt} />, counts until <Time at={evidence.expiresAt} form="moment" />
                </Text>
              )}
              {mayAsk && source && isAsked(source) && (
                <Button size="compact-xs" variant="default" mt={4} loading={ask.isPending && ask.variables === check} onClick={() => ask.mutate(check)}>
                  Ask now
                </Button>
              )}
            </div>
          );
        })}
        {ask.isError && <Failure error={ask.error} />}
        {blockers.length > 0 && (
          <Text size="sm" component="div">
            {blockers.map((words) => (
              <div key={words}>{words}</div>
            ))}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

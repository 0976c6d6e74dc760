import { Alert, Badge, Button, Group, List, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { post } from "../api/client";
import type { PolicySimulation } from "../api/queries";
import { Items } from "../common/Items";
import items from "../common/Items.module.css";
import { Link } from "../common/Link";
import { Failure, Rows } from "../common/States";
import settings from "../settings/Settings.module.css";
import { Notes } from "./ApprovalPolicies";
import { beginningOf, type PolicyDocument, SPANS, together, verdictText } from "./documents";
import classes from "./Policies.module.css";
import { bodyOf } from "./validate";

/** Tries policies on the changes that were recorded: what would have needed approval, what nobody could have approved. */
export function Simulation({
  documents,
  isReady,
  onAnswer,
  onReset,
}: {
  documents: readonly PolicyDocument[];
  isReady: boolean;
  onAnswer: (answer: PolicySimulation) => void;
  onReset: () => void;
}) {
  const [span, setSpan] = useState<string>(SPANS[3].value);
  const [answer, setAnswer] = useState<PolicySimulation>();
  const run = useMutation({
    mutationFn: ({ before, asked }: { before: PolicySimulation | undefined; asked: { documents: readonly PolicyDocument[]; span: string } }) =>
      post("/api/v1/policies/simulate", {
        body: {
          policies: bodyOf(asked.documents),
          ...(beginningOf(asked.span, Date.now()) ? { from: beginningOf(asked.span, Date.now()) } : {}),
          ...(before?.next ? { begin: before.next } : {}),
        } as never,
      }),
    onSuccess: (found, { before, asked }) => {
      // Whoever typed meanwhile gets no answer about another text.
      if (JSON.stringify(asked.documents) !== text || asked.span !== span) return;
      const all = together(before, found);
      setAnswer(all);
      onAnswer(all);
    },
  });
  const text = JSON.stringify(documents);
  useEffect(() => {
    // Another text, or another span: what was found is not about it.
    setAnswer(undefined);
    onReset();
  }, [text, span]);

  return (
    <section aria-label="Simulation">
      <Title order={2} mb={4}>
        Simulation
      </Title>
      <Text size="sm" c="dimmed" mb="sm" maw={640}>
        Asks the text above about changes that were recorded, imported ones included, by the code that enforces. Nothing is written.
      </Text>
      <Group gap="sm" align="flex-end" mb="md">
        <NativeSelect label="Tried on" data={[...SPANS]} value={span} onChange={(event) => setSpan(event.currentTarget.value)} />
        <Button variant="default" disabled={!isReady} loading={run.isPending} onClick={() => run.mutate({ before: undefined, asked: { documents, span } })}>
          Simulate
        </Button>
      </Group>
      <div aria-live="polite">
        {run.isError && <Failure error={run.error} />}
        {run.isPending && !answer && <Rows count={3} height={40} />}
        {answer && !run.isError && <Results answer={answer} />}
        {answer?.next && (
          <Group mt="sm" gap="sm">
            <Button variant="default" loading={run.isPending} onClick={() => run.mutate({ before: answer, asked: { documents, span } })}>
              Go on from entry {answer.next}
            </Button>
            <Text size="sm" c="dimmed">
              One run looks at as much as it comes to in 20 seconds.
            </Text>
          </Group>
        )}
      </div>
    </section>
  );
}

const FIGURES: { label: string; of: (answer: PolicySimulation) => number }[] = [
  { label: "Changes looked at", of: (answer) => answer.changes },
  { label: "Need approval", of: (answer) => answer.gated },
  { label: "Need it that go through now", of: (answer) => answer.newlyGated },
  { label: "Are denied that are not now", of: (answer) => answer.newlyBlocked },
  { label: "Go through that do not now", of: (answer) => answer.newlyAllowed },
  { label: "Nobody could approve", of: (answer) => answer.withoutApprovers },
];

function Results({ answer }: { answer: PolicySimulation }) {
  return (
    <Stack gap="md">
      <dl className={settings.figures} aria-label="What it comes to">
        {FIGURES.map(({ label, of }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{of(answer).toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      {answer.skipped > 0 && (
        <Text size="sm" c="dimmed">
          {answer.skipped.toLocaleString()} could not be judged: what they name is not kept any more.
        </Text>
      )}
      {answer.idleRules.length > 0 && (
        <Alert color="signal" title="Rules that matched nothing">
          <List size="sm">
            {answer.idleRules.map((rule) => (
              <List.Item key={rule} className="key">
                {rule}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {answer.notes.length > 0 && <Notes notes={answer.notes} />}
      {answer.differences.length === 0 ? (
        <Text size="sm" c="dimmed">
          Every one of them is judged as it is now.
        </Text>
      ) : (
        <>
          <Title order={3}>{answer.differences.length === 1 ? "The one judged otherwise" : `The first ${answer.differences.length} judged otherwise`}</Title>
          <Items label="Judged otherwise">
            {answer.differences.map((item) => (
              <li key={item.index} className={items.item}>
                <div className={items.what}>
                  <div className={items.title}>
                    <Link to="/audit/$entry" params={{ entry: String(item.index) }}>
                      Entry {item.index}
                    </Link>
                  </div>
                  <div className={items.about}>{item.gap ? `Nobody could approve it: ${item.gap}` : item.reason}</div>
                </div>
                <div className={items.state}>
                  <span className={classes.verdicts}>{verdictText(item.now)}, then</span>
                  <Badge color={item.gap || item.candidate === "deny" ? "flare" : item.candidate === "allow" ? "tide" : "signal"}>
                    {item.gap ? "nobody could approve" : verdictText(item.candidate)}
                  </Badge>
                </div>
              </li>
            ))}
          </Items>
        </>
      )}
    </Stack>
  );
}

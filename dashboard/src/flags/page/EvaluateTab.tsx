import { Badge, Box, Button, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { post, type Schemas } from "../../api/client";
import type { Environment } from "../../api/queries";
import { Icon } from "../../common/Icon";
import { Link } from "../../common/Link";
import { Empty, Failure, Rows } from "../../common/States";
import { Time } from "../../common/Time";
import { valueText } from "../model";
import classes from "./EvaluateTab.module.css";

const Editor = lazy(() => import("../../common/Editor"));

type Answer = Schemas["EvaluateAnswer"];

const EXAMPLE = '{\n  "targetingKey": "user-1",\n  "country": "de"\n}';

/** What a context gets, or got, and why: step by step. */
export default function EvaluateTab({
  project,
  flag,
  environments,
  at,
}: {
  project: string;
  flag: string;
  environments: readonly Environment[];
  at: string | undefined;
}) {
  const { env } = useSearch({ from: "/shell/projects/$project/flags/$flag" });
  const [environment, setEnvironment] = useState(env ?? environments[0]?.key ?? "");
  const [text, setText] = useState(EXAMPLE);
  const context = readContext(text);
  const question = useMutation({
    mutationFn: () =>
      post("/api/v1/projects/{project}/evaluate", {
        path: { project },
        query: { environment, at },
        body: { flag, context: context.value } as never,
      }),
  });
  return (
    <div className={classes.columns}>
      <Stack gap="sm">
        <NativeSelect
          label="Environment"
          data={environments.map((item) => ({ value: item.key, label: item.name || item.key }))}
          value={environment}
          onChange={(event) => setEnvironment(event.currentTarget.value)}
        />
        <Box>
          <Text size="sm" fw={500} mb={4} id="context-label">
            Evaluation context
          </Text>
          <Suspense fallback={<Rows count={3} />}>
            <Editor language="json" value={text} onChange={setText} label="Evaluation context" minHeight={150} />
          </Suspense>
          {context.problem && (
            <Text size="xs" c="var(--mantine-color-error)" mt={4}>
              {context.problem}
            </Text>
          )}
        </Box>
        <Group>
          <Button
            leftSection={<Icon name="play" size={16} />}
            loading={question.isPending}
            disabled={context.problem !== undefined || environment === ""}
            onClick={() => question.mutate()}
          >
            {at ? "What did they get?" : "What do they get?"}
          </Button>
        </Group>
      </Stack>
      <div aria-live="polite">
        {question.isError && <Failure error={question.error} />}
        {question.isIdle && (
          <Empty icon="play" title="Ask what somebody gets">
            The answer names the rule, what each condition said, and the change that made it so.
          </Empty>
        )}
        {question.data && <Explained answer={question.data} />}
      </div>
    </div>
  );
}

function readContext(text: string): { value?: unknown; problem?: string } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { value } : { problem: "A context is an object: { … }" };
  } catch (broken) {
    return { problem: broken instanceof Error ? broken.message : "Is no JSON." };
  }
}

function Explained({ answer }: { answer: Answer }) {
  const flag = answer.flags[0];
  if (!flag) return null;
  return (
    <Stack gap="md">
      <div className={classes.answer}>
        <Group gap={10} align="baseline">
          <Text fz={22} fw={640} className="key">
            {flag.valueHidden ? "(hidden)" : valueText(flag.value ?? null)}
          </Text>
          {flag.variant && <Badge color="tide">{flag.variant}</Badge>}
          <Badge color="gray">{flag.reason}</Badge>
        </Group>
        <Text size="sm">{flag.summary}</Text>
      </div>
      <div>
        <Title order={3} mb={8}>
          Step by step
        </Title>
        <ol className={classes.steps}>
          {flag.steps.map((step, index) => (
            <li key={index} data-decided={step.decided || undefined}>
              <Text size="sm" fw={step.decided ? 600 : 400}>
                {step.description}
                {step.decided && <span className={classes.decided}>decided</span>}
              </Text>
              {step.conditions.map((condition) => (
                <Text key={condition.description} size="xs" c="dimmed" className={classes.said!}>
                  <Icon name={condition.held ? "check" : "cross"} size={13} label={condition.held ? "held" : "did not hold"} />
                  {condition.description}
                  {condition.wasMissing && " (the attribute was missing)"}
                </Text>
              ))}
            </li>
          ))}
        </ol>
      </div>
      {flag.change && (
        <Text size="sm" lineClamp={4}>
          Made so by{" "}
          <Link to="/audit/$entry" params={{ entry: String(flag.change.index) }}>
            entry {flag.change.index}
          </Link>
          , <Time at={flag.change.effectiveAt} />: {flag.change.description}
          {flag.change.reason && <> “{flag.change.reason}”</>}
        </Text>
      )}
    </Stack>
  );
}

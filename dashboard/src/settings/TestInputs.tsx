import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { post } from "../api/client";
import { Failure, Rows } from "../common/States";
import { Icon } from "../common/Icon";
import { type Case, expected, type Module, readCases } from "./access-policy";
import classes from "./Settings.module.css";

const Editor = lazy(() => import("../common/Editor"));

/** Questions made up, asked of the policy on the screen with the roles of now. */
export function TestInputs({
  modules,
  isDraft,
  text,
  setText,
}: {
  modules: Module[];
  isDraft: boolean;
  /** What is written, which stays while the policy is looked at. */
  text: string;
  setText: (text: string) => void;
}) {
  const { cases, problem } = readCases(text);
  const trial = useMutation({
    mutationFn: async (asked: Case[]) => {
      // No entry is asked again: only these.
      const { trials } = await post("/api/v1/authorization/policy/dry-run", { body: { modules, inputs: asked, from: 0, to: 0 } as never });
      return asked.map((item, index) => ({ item, answer: trials![index]! }));
    },
  });
  const wrong = (trial.data ?? []).filter(({ item, answer }) => expected(item) !== undefined && expected(item) !== answer.verdict).length;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" maw={720}>
        Each question says who asks (<code>actor</code>) and what for (<code>checks</code>), as in <code>policies/inputs.json</code>;{" "}
        <code>expect</code> is compared. They are asked of {isDraft ? "your draft" : "the policy in force"}, with the roles of now. Nothing is written.
      </Text>
      <Suspense fallback={<Rows count={1} height={300} />}>
        <Editor language="json" label="Test inputs" value={text} onChange={setText} minHeight={240} maxHeight="50vh" />
      </Suspense>
      {problem && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      <Group>
        <Button leftSection={<Icon name="play" size={16} />} disabled={problem !== undefined} loading={trial.isPending} onClick={() => trial.mutate(cases)}>
          Ask
        </Button>
      </Group>
      {trial.isError && <Failure error={trial.error} />}
      {trial.data && (
        <section aria-label="What the policy says">
          <Group gap={10} mb={8}>
            <Title order={2}>What the policy says</Title>
            {wrong > 0 ? <Badge color="flare">{wrong === 1 ? "1 is not as expected" : `${wrong} are not as expected`}</Badge> : <Badge color="tide">as expected</Badge>}
          </Group>
          <ul className={classes.differences}>
            {trial.data.map(({ item, answer }, index) => (
              <li key={index}>
                <Badge color={answer.verdict === "allow" ? "tide" : "gray"}>{answer.verdict === "allow" ? "allowed" : "denied"}</Badge>
                <span>
                  <b>{item.name || `Question ${index + 1}`}</b>
                  {expected(item) !== undefined && expected(item) !== answer.verdict && <Badge color="flare" ml={8}>not as expected</Badge>}
                  <br />
                  {answer.reason}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}

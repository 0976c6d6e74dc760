import { Alert, Button, Group, List, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { ProblemError } from "../api/problem";
import { Icon, type IconName } from "./Icon";
import classes from "./States.module.css";

/** Nothing is here yet: says why, and what to do. */
export function Empty({ icon = "flag", title, children, action }: { icon?: IconName; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py={56} px="md" ta="center">
      <ThemeIcon size={44} radius="xl" variant="light" color="gray">
        <Icon name={icon} size={22} />
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      {children && (
        <Text c="dimmed" maw={460}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}

/** What went wrong, in the server's words, and what can be done about it. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof ProblemError ? error.problem : null;
  const fields = problem?.errors ?? [];
  return (
    <Alert color="flare" title={problem?.title ?? "Something went wrong"} icon={<Icon name="alert" />} role="alert">
      {fields.length > 0 ? (
        <List size="sm" spacing={2}>
          {fields.map((field) => (
            <List.Item key={field.pointer + field.message}>
              {field.pointer && <code>{field.pointer}</code>} {field.message}
            </List.Item>
          ))}
        </List>
      ) : (
        <Text size="sm">{problem ? (problem.detail ?? hint(problem.status)) : String(error)}</Text>
      )}
      {error instanceof ProblemError && error.kind === "reauthentication-required" && (
        <Group mt="xs">
          <Button size="xs" component="a" href={`/login?returnTo=${encodeURIComponent(location.pathname + location.search)}`}>
            Log in again
          </Button>
        </Group>
      )}
      {retry && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}

function hint(status: number): string {
  if (status === 403) return "Your roles do not allow this. An administrator can give you another.";
  if (status === 404) return "It does not exist, or you may not see it.";
  if (status >= 500) return "The server failed. It wrote down what happened; try again later.";
  return `The server answered ${status}.`;
}

/** The place of rows that are still on their way; what comes at once is not preceded by a flash of it. */
export function Rows({ count = 8, height = 34 }: { count?: number; height?: number }) {
  return (
    <Stack gap={6} aria-busy="true" aria-label="Loading" className={classes.waiting!}>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

import { Button, Group, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Icon, type IconName } from "../common/Icon";
import { Items } from "../common/Items";
import { Empty, Failure, Rows } from "../common/States";

/** A section that is a list: what it is for, what can be added, and its three states. */
export function Section<T>({
  query,
  label,
  about,
  add,
  icon,
  empty,
  children,
}: {
  query: UseQueryResult<T[]>;
  label: string;
  about: ReactNode;
  add?: { label: string; go: () => void } | false;
  icon: IconName;
  empty: string;
  children: (items: T[]) => ReactNode;
}) {
  const button = add ? (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={add.go}>
      {add.label}
    </Button>
  ) : null;
  return (
    <section aria-label={label}>
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <Text size="sm" c="dimmed" flex="1 1 280px" maw={640}>
          {about}
        </Text>
        {query.data && query.data.length > 0 && button}
      </Group>
      {query.isError ? (
        <Failure error={query.error} retry={() => query.refetch()} />
      ) : query.isPending ? (
        <Rows count={5} height={54} />
      ) : query.data.length === 0 ? (
        <Empty icon={icon} title={empty} action={button} />
      ) : (
        <Items label={label}>{children(query.data)}</Items>
      )}
    </section>
  );
}

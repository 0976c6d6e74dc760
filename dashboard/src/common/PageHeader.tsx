import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

/** The head of every page: where it lies, what it is called, what can be done there. It names the browser's tab too. */
export function PageHeader({
  title,
  above,
  children,
  actions,
  mono,
}: {
  title: string;
  above?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  mono?: boolean;
}) {
  useEffect(() => {
    document.title = `${title} · Halyard`;
  }, [title]);
  return (
    <Box component="header" mb="md">
      {above && (
        <Text size="xs" c="dimmed" mb={4} component="div">
          {above}
        </Text>
      )}
      <Group justify="space-between" align="flex-start" gap="sm" wrap="wrap">
        <Stack gap={4} flex="1 1 320px" miw={0}>
          <Title order={1} className={mono ? "key" : ""}>
            {title}
          </Title>
          {children}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </Box>
  );
}

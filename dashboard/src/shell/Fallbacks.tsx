import { Box } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ButtonLink } from "../common/Link";
import { Empty, Failure } from "../common/States";

/** An address where nothing is. */
export function NotFound() {
  return (
    <Box component="section" pt={40}>
      <Empty
        icon="search"
        title="There is no such page"
        action={
          <ButtonLink to="/" variant="default" mt="xs">
            Go home
          </ButtonLink>
        }
      >
        The link may be misspelt, or what it led to was removed. Removed flags keep their history in the audit log.
      </Empty>
    </Box>
  );
}

/** A page that broke, or whose parts could not be loaded. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  return (
    <Box p="md" maw={640}>
      <Failure error={error} retry={reset} />
    </Box>
  );
}

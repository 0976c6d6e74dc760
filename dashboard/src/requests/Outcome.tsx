import { Group, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { auditQuery, type ChangeRequest } from "../api/queries";
import { EntryList } from "../audit/EntryList";
import { Link } from "../common/Link";
import { Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";

const TOLD = new Set(["applied", "apply_failed"]);

/** What came of a request: the entries of the log that name it, the one that applied it among them. */
export function Outcome({ request }: { request: ChangeRequest }) {
  const { may } = usePermissions();
  const isTold = TOLD.has(request.state) && may("audit.read");
  const entries = useInfiniteQuery({ ...auditQuery({ changeRequest: request.id }), enabled: isTold });
  if (!isTold) return null;
  const all = entries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label="What came of it">
      <Group justify="space-between" mb={10}>
        <Title order={2}>What came of it</Title>
        <Link to="/audit" search={{ changeRequest: request.id }} size="sm">
          In the log
        </Link>
      </Group>
      {entries.isError ? (
        <Failure error={entries.error} retry={() => entries.refetch()} />
      ) : entries.isPending ? (
        <Rows count={3} height={52} />
      ) : (
        <Stack gap="xs">
          {all.length === 0 ? <Text c="dimmed">The log names no entry of it that you may see.</Text> : <EntryList entries={all} />}
        </Stack>
      )}
    </section>
  );
}

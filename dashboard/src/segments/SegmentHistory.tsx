import { Button, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { auditQuery } from "../api/queries";
import { EntryList } from "../audit/EntryList";
import { Empty, Failure, Rows } from "../common/States";

/** Every entry of the log that touched the segment, newest first. */
export function SegmentHistory({ project, segment }: { project: string; segment: string }) {
  const history = useInfiniteQuery(auditQuery({ project, kind: "segment", key: segment }));
  if (history.isError) return <Failure error={history.error} retry={() => history.refetch()} />;
  if (history.isPending) return <Rows count={6} height={52} />;
  const entries = history.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <Empty icon="log" title="Nothing happened to it yet" />;
  return (
    <>
      <EntryList entries={entries} />
      {history.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
            Show earlier ones
          </Button>
        </Group>
      )}
    </>
  );
}

import { Badge, Button, Group, SegmentedControl, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ChangeRequest, type RequestFilter, requestsQuery } from "../api/queries";
import { TypeBadge } from "../changes/DiffList";
import { PageHeader } from "../common/PageHeader";
import { useNames } from "../common/People";
import { Empty, Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import classes from "./Requests.module.css";
import { isOpen, type REQUEST_VIEWS, stateOf } from "./states";

const FILTERS: Record<(typeof REQUEST_VIEWS)[number], RequestFilter> = {
  open: { open: true },
  waiting: { waitingFor: "me" },
  mine: { requester: "me" },
  all: {},
};

/** The inbox: changes that wait for people, or did. */
export function RequestsPage() {
  const { view = "open" } = useSearch({ from: "/shell/requests" });
  const navigate = useNavigate({ from: "/requests" });
  const requests = useInfiniteQuery(requestsQuery(FILTERS[view]));
  const shown = requests.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Change requests">
        <Text size="sm" c="dimmed">
          Changes that wait until others approve them.
        </Text>
      </PageHeader>
      <SegmentedControl
        mb="md"
        aria-label="Which"
        value={view}
        onChange={(value) => navigate({ search: { view: value as typeof view }, replace: true })}
        data={[
          { value: "open", label: "Open" },
          { value: "waiting", label: "Waiting for me" },
          { value: "mine", label: "Mine" },
          { value: "all", label: "All" },
        ]}
      />
      {requests.isError ? (
        <Failure error={requests.error} retry={() => requests.refetch()} />
      ) : requests.isPending ? (
        <Rows count={6} height={60} />
      ) : shown.length === 0 ? (
        <Empty icon="inbox" title={view === "open" ? "Nothing waits" : view === "waiting" ? "Nothing waits for you" : "None yet"}>
          {view === "open" || view === "waiting"
            ? "When a policy asks for approval, the change waits here until the right people have seen it."
            : "Whoever saves a change that needs approval finds it here."}
        </Empty>
      ) : (
        <RequestList requests={shown} />
      )}
      {requests.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={requests.isFetchingNextPage} onClick={() => requests.fetchNextPage()}>
            Show earlier ones
          </Button>
        </Group>
      )}
    </>
  );
}

/** Requests, each with how far its approvals are. */
export function RequestList({ requests }: { requests: readonly ChangeRequest[] }) {
  const name = useNames(requests.map((request) => request.requester));
  return (
    <ul className={classes.list}>
      {requests.map((request) => (
        <li key={request.id}>
          <Link to="/requests/$id" params={{ id: request.id }} className={classes.row}>
            <span className={classes.title}>{request.title || "(no reason given)"}</span>
            <span className={classes.about}>
              {name(request.requester)} · {request.project ?? "organisation"}
              {request.ticket && ` · ${request.ticket}`} · <Time at={request.createdAt} />
            </span>
            <span className={classes.state}>
              {[...new Set(request.environments.map((item) => item.type))].map((type) => (
                <TypeBadge key={type} type={type} />
              ))}
              {isOpen(request) && <Progress given={request.approvals.given} needed={request.approvals.needed} />}
              <Badge color={stateOf(request.state).colour}>{stateOf(request.state).words}</Badge>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** How many of the places are filled. */
export function Progress({ given, needed }: { given: number; needed: number }) {
  return (
    <span className={classes.progress}>
      {Array.from({ length: needed }, (_, index) => (
        <i key={index} data-given={index < given || undefined} aria-hidden />
      ))}
      <span>
        {given} of {needed}
      </span>
    </span>
  );
}

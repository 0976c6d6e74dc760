import { Badge, Button, Group, Kbd, SegmentedControl, Text } from "@mantine/core";
import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type Bypass, bypassesQuery } from "../api/queries";
import { Left } from "../common/Countdown";
import { Icon } from "../common/Icon";
import { PageHeader } from "../common/PageHeader";
import { useNames } from "../common/People";
import { Empty, Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import list from "../requests/Requests.module.css";
import { usePermissions } from "../session/session";
import { openPalette } from "../shell/palette-store";
import { endOf, kindOf, owed, stateOf } from "./bypass";

/** What passed approvals by: what waits for agreement, what is in effect and for how long, and what is owed. */
export function EmergencyPage() {
  const { view = "open" } = useSearch({ from: "/shell/emergency" });
  const navigate = useNavigate({ from: "/emergency" });
  const { may } = usePermissions();
  const open = useOpenBypasses(view === "open");
  const others = useInfiniteQuery({ ...bypassesQuery(view === "overdue" ? { overdue: true } : {}), enabled: view !== "open" });
  const { bypasses, failed, isPending, shown } = view === "open" ? open : partsOf(others);
  const begin = may("flag.bypass") ? (
    <Button color="flare" leftSection={<Icon name="bolt" size={16} />} onClick={openPalette}>
      Find the flag
    </Button>
  ) : null;
  return (
    <>
      <PageHeader title="Emergency" actions={shown.length > 0 && begin}>
        <Text size="sm" c="dimmed" maw={680}>
          Changes that passed approvals by in an incident. Others agree beforehand where they must, ratify or refuse them afterwards, and review them.
        </Text>
      </PageHeader>
      <SegmentedControl
        mb="md"
        aria-label="Which"
        value={view}
        onChange={(value) => navigate({ search: { view: value as typeof view }, replace: true })}
        data={[
          { value: "open", label: "Open" },
          { value: "overdue", label: "Overdue" },
          { value: "all", label: "All" },
        ]}
      />
      {failed ? (
        <Failure error={failed.error} retry={() => failed.refetch()} />
      ) : isPending ? (
        <Rows count={4} height={60} />
      ) : shown.length === 0 ? (
        <Empty icon="bolt" title={view === "overdue" ? "Nothing is overdue" : view === "open" ? "No emergency is open" : "None yet"} action={begin}>
          {begin ? (
            <>
              In an incident: find the flag with <Kbd>Ctrl K</Kbd>, choose “Emergency”, say which incident and why.
            </>
          ) : (
            "Whoever is on call can change one flag without approvals in an incident. It is found here, with what is owed for it."
          )}
        </Empty>
      ) : (
        <BypassList bypasses={shown} />
      )}
      {bypasses.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={bypasses.isFetchingNextPage} onClick={() => bypasses.fetchNextPage()}>
            Show earlier ones
          </Button>
        </Group>
      )}
    </>
  );
}

/** What somebody must do something about: what waits for a second person first, for which nothing is owed yet, then what is. */
export function useOpenBypasses(isWanted = true) {
  const waiting = useInfiniteQuery({ ...bypassesQuery({ state: "waiting" }), enabled: isWanted });
  const owing = useInfiniteQuery({ ...bypassesQuery({ open: true }), enabled: isWanted });
  return partsOf(owing, waiting);
}

type Listed = UseInfiniteQueryResult<InfiniteData<{ items: readonly Bypass[] }>>;

/** A list of which some parts are asked for by themselves and stand before it. */
function partsOf(bypasses: Listed, ...before: Listed[]) {
  const parts = [...before, bypasses];
  return {
    bypasses,
    failed: parts.find((part) => part.isError),
    isPending: parts.some((part) => part.isPending),
    shown: parts.flatMap((part) => part.data?.pages.flatMap((page) => page.items) ?? []),
  };
}

/** Bypasses, each with what is owed for it and the time that is left. */
export function BypassList({ bypasses }: { bypasses: readonly Bypass[] }) {
  const name = useNames(bypasses.map((bypass) => bypass.requester));
  return (
    <ul className={list.list} aria-label="Bypasses">
      {bypasses.map((bypass) => {
        const end = endOf(bypass);
        const debts = owed(bypass);
        return (
          <li key={bypass.id}>
            <Link to="/emergency/$id" params={{ id: bypass.id }} className={list.row}>
              <span className={list.title}>
                <span className="key">{bypass.flag}</span> {kindOf(bypass.kind)}
              </span>
              <span className={list.about}>
                {name(bypass.requester)} · {bypass.incident} · {bypass.environment} · <Time at={bypass.createdAt} />
                {debts.length > 0 && ` · owes ${debts.join(" and ")}`}
              </span>
              <span className={list.state}>
                {end && (
                  <Text size="xs" c="dimmed">
                    {end.what} in <Left at={end.at} />
                  </Text>
                )}
                {bypass.overdue && <Badge color="flare">overdue</Badge>}
                <Badge color="gray">{bypass.severity}</Badge>
                <Badge color={stateOf(bypass.state).colour}>{stateOf(bypass.state).words}</Badge>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

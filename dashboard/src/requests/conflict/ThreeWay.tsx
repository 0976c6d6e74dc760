import { Alert, Badge, Button, Card, Group, List, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../../api/client";
import { type ChangeRequest, environmentsQuery, flagQuery } from "../../api/queries";
import type { Operation } from "../../changes/operations";
import { refreshProject } from "../../changes/submit";
import { Act, Meaning } from "../../common/Act";
import { Icon } from "../../common/Icon";
import { Link } from "../../common/Link";
import { Failure, Rows } from "../../common/States";
import { breakable } from "../../common/words";
import { modelOf } from "../../flags/model";
import { usePermissions } from "../../session/session";
import { operationText } from "../operation-text";
import { isOpen, offersOf } from "../states";
import { baseQuery } from "./base";
import classes from "./ThreeWay.module.css";
import { compare, type Comparison, type Kind, withoutConflicts } from "./three-way";

/** Where what a request was prepared on has changed since: what was, what is, what the request would make of it. */
export function Drift({ request }: { request: ChangeRequest }) {
  const flags = request.bases.filter((base) => base.kind === "flag" && base.revision > 0);
  if (!request.project || !isOpen(request)) return null;
  return flags.map((base) => (
    <FlagDrift key={base.key} request={request} project={request.project!} flag={base.key} revision={base.revision} isAlone={flags.length === 1} />
  ));
}

const KINDS: Record<Kind, { words: string; colour: string }> = {
  conflict: { words: "both", colour: "flare" },
  mine: { words: "this request", colour: "tide" },
  theirs: { words: "others", colour: "signal" },
  agreed: { words: "both, the same", colour: "gray" },
};

function FlagDrift({
  request,
  project,
  flag,
  revision,
  isAlone,
}: {
  request: ChangeRequest;
  project: string;
  flag: string;
  revision: number;
  /** Whether it is the only flag of the request: only then is a part of it left out from here. */
  isAlone: boolean;
}) {
  const { me, may } = usePermissions();
  const now = useQuery({ ...flagQuery(project, flag), retry: false });
  const environments = useQuery(environmentsQuery(project));
  const hasChanged = now.data !== undefined && now.data.revision !== revision;
  const base = useQuery({ ...baseQuery(project, flag, revision, request.createdAt, may("audit.read")), enabled: hasChanged });
  const [isKeepingTheirs, setKeepingTheirs] = useState(false);
  if (now.isError && request.state === "conflicted")
    return (
      <Alert color="flare" icon={<Icon name="alert" />} title={`${flag} is no longer there`}>
        It was deleted, or you may not see it. The request cannot be prepared anew; whoever asked may cancel it.
      </Alert>
    );
  if (!hasChanged || !environments.data) return null;
  const title = (
    <Group gap={8} mb={4}>
      <Title order={2}>
        What changed meanwhile in{" "}
        <Link to="/projects/$project/flags/$flag" params={{ project, flag }} search={{}} c="inherit" className="key">
          {flag}
        </Link>
      </Title>
    </Group>
  );
  if (base.isPending || base.isError || !base.data) {
    return (
      <section aria-label={`What changed meanwhile in ${flag}`}>
        {title}
        {base.isPending ? (
          <Rows count={3} />
        ) : base.isError ? (
          <Failure error={base.error} retry={() => base.refetch()} />
        ) : (
          <Text size="sm" c="dimmed">
            It was prepared on revision {revision}; there is revision {now.data.revision} now. What it was then cannot be shown to you.
          </Text>
        )}
      </section>
    );
  }
  const theirs = modelOf(now.data, environments.data);
  const operations = (request.operations as Operation[]).filter((item) => item.flag === flag);
  const comparison = compare(modelOf(base.data, environments.data), theirs, operations);
  const conflicts = comparison.lines.filter((line) => line.kind === "conflict").length;
  const kept = withoutConflicts(theirs, request.operations as Operation[], comparison);
  const offers = me && offersOf(request, { subject: me.subject, may });
  return (
    <section aria-label={`What changed meanwhile in ${flag}`}>
      {title}
      <Text size="sm" c="dimmed" mb={10}>
        {wordsOf(comparison, conflicts)}
      </Text>
      <Lines comparison={comparison} from={revision} to={now.data.revision} />
      {offers?.rebase && (
        <Stack gap={8} mt={10}>
          <Text size="sm">
            {conflicts === 0
              ? "Prepared anew it keeps what others did, and does what it says on top."
              : "Prepared anew, what this request says wins wherever both changed the same."}{" "}
            Where policies want it, it must be approved again.
          </Text>
          {conflicts > 0 && isAlone && kept.length > 0 && (
            <Group>
              <Button variant="default" onClick={() => setKeepingTheirs(true)}>
                Keep theirs where both changed it
              </Button>
            </Group>
          )}
          {conflicts > 0 && isAlone && kept.length === 0 && (
            <Text size="sm">All that it asks for was changed by others. To keep theirs, cancel the request.</Text>
          )}
        </Stack>
      )}
      {isKeepingTheirs && (
        <Act
          title="Keep theirs where both changed it"
          button="Edit the request"
          onClose={() => setKeepingTheirs(false)}
          run={({ reason, headers }) =>
            post("/api/v1/change-requests/{id}/edit", {
              path: { id: request.id },
              body: {
                operations: kept.map((item) => (item.baseRevision === undefined ? item : { ...item, baseRevision: now.data.revision })),
                ...reason,
              } as never,
              headers,
            })
          }
          onDone={() => void refreshProject(project)}
        >
          <Meaning>What stays of the request; everybody votes on it anew:</Meaning>
          <List size="sm">
            {kept.map((item, index) => (
              <List.Item key={index}>
                {item.environment ? `${item.environment}: ` : ""}
                {operationText(item)}
              </List.Item>
            ))}
          </List>
        </Act>
      )}
    </section>
  );
}

function wordsOf({ untold }: Comparison, conflicts: number): string {
  const clash =
    conflicts === 0
      ? "Nothing that this request changes was changed by others."
      : conflicts === 1
        ? "One thing was changed by others that this request changes too."
        : `${conflicts} things were changed by others that this request changes too.`;
  return untold.length === 0 ? clash : `${clash} What “${untold.map(operationText).join("”, “")}” comes to, only the server can tell.`;
}

function Lines({ comparison, from, to }: { comparison: Comparison; from: number; to: number }) {
  if (comparison.lines.length === 0) return null;
  const heads = [`It was (revision ${from})`, `It is (revision ${to})`, "This request"];
  return (
    <Card p={0} className={classes.frame!} component="div" role="region" aria-label="Three ways" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">What</th>
            {heads.map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {comparison.lines.map((line) => (
            <tr key={line.key} data-kind={line.kind}>
              <th scope="row">
                <span>{line.label}</span>
                {line.environment && <small className="key">{breakable(line.environment)}</small>}
                <Badge size="sm" color={KINDS[line.kind].colour}>
                  {KINDS[line.kind].words}
                </Badge>
              </th>
              {[line.base, line.theirs, line.mine].map((value, index) => (
                <td key={index} data-label={heads[index]} data-new={index > 0 && value !== line.base ? true : undefined}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

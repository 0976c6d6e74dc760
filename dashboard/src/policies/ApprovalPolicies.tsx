import { Alert, Badge, Button, Group, List, NativeSelect, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useBlocker, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { type ApprovalPolicies as InForce, type PolicySimulation, policiesQuery, projectsQuery } from "../api/queries";
import { same } from "../changes/operations";
import { Behind, useBase } from "../common/Base";
import { Icon } from "../common/Icon";
import { Empty, Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import { addressOf, nameOf, type PolicyDocument, STARTER } from "./documents";
import classes from "./Policies.module.css";
import { PutInForce } from "./PutInForce";
import { Simulation } from "./Simulation";
import { validationQuery } from "./validate";

const Editor = lazy(() => import("../common/Editor"));

const TYPING = 400;

/** The approval policies: those in force, edited as text that the server reads while one types, tried on what was recorded. */
export default function ApprovalPolicies() {
  const policies = useQuery(policiesQuery);
  if (policies.data === undefined)
    return policies.isError ? <Failure error={policies.error} retry={() => policies.refetch()} /> : <Rows count={8} />;
  return <Workbench latest={policies.data} />;
}

const documentsOf = ({ policies }: InForce): PolicyDocument[] => policies.map(({ project, yaml }) => ({ project: project ?? null, yaml }));

function Workbench({ latest }: { latest: InForce }) {
  const [edited, setEdited] = useState<PolicyDocument[] | null>(null);
  const inForce = useBase(
    latest,
    (base) => edited !== null && !same(edited, documentsOf(base)),
    () => setEdited(null),
  );
  const before = documentsOf(inForce);
  const { policy } = useSearch({ from: "/shell/policies" });
  const navigate = useNavigate({ from: "/policies" });
  const { may } = usePermissions();
  const mayChange = may("approval-policy.change");
  const maySimulate = may("approval-policy.simulate");
  const readOnly = !mayChange && !maySimulate;
  const [chosen, setChosen] = useState(() => Math.max(0, before.findIndex((item) => addressOf(item) === policy)));
  const [isPutting, setPutting] = useState(false);
  // What was simulated, and on which text: another text is not what was looked at.
  const [simulated, setSimulated] = useState<{ documents: PolicyDocument[]; answer: PolicySimulation } | null>(null);
  const documents = edited ?? before;
  const isEdited = edited !== null && !same(edited, before);
  const [settled] = useDebouncedValue(documents, TYPING);
  const validation = useQuery({ ...validationQuery(settled), enabled: isEdited && mayChange });
  const isTyping = !same(settled, documents);
  const wrong = isEdited ? (validation.data?.placed ?? []) : [];
  const document = documents[chosen];

  const choose = (index: number, all: readonly PolicyDocument[] = documents) => {
    setChosen(index);
    void navigate({ search: (now) => ({ ...now, policy: all[index] ? addressOf(all[index]) : undefined }), replace: true, resetScroll: false });
  };
  const edit = (part: Partial<PolicyDocument>) => setEdited(documents.map((item, at) => (at === chosen ? { ...item, ...part } : item)));
  const add = () => {
    const next = [...documents, { project: null, yaml: STARTER }];
    setEdited(next);
    choose(next.length - 1, next);
  };
  const drop = () => {
    const next = documents.filter((_, at) => at !== chosen);
    setEdited(next);
    choose(Math.max(0, chosen - 1), next);
  };
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      (current.pathname !== next.pathname || (next.search as { tab?: string }).tab !== (current.search as { tab?: string }).tab) &&
      isEdited &&
      !window.confirm("Leave without putting it in force? Your draft would be lost."),
    enableBeforeUnload: () => isEdited,
  });

  return (
    <Stack gap="xl">
      <section aria-label="Approval policies">
        <Behind base={inForce} latest={latest} discard={() => setEdited(null)} />
        <Group justify="space-between" align="flex-start" mb="md" gap="sm">
          <Stack gap={4} flex="1 1 300px" maw={640}>
            <Group gap={8}>
              <Badge color={inForce.inForce ? "tide" : "signal"}>{inForce.inForce ? `in force, revision ${inForce.revision}` : "none in force yet"}</Badge>
              {isEdited && <Badge color="signal">a draft, not in force</Badge>}
            </Group>
            <Text size="sm" c="dimmed">
              {inForce.inForce
                ? "Which changes need whose approval. Where none of these has a say, those that ship decide: "
                : "No change waits for anybody until policies are put in force. From then on, where none of yours has a say, those that ship decide: "}
              {inForce.defaults.join(", ")}.
            </Text>
          </Stack>
          {mayChange && (
            <Group gap="xs">
              {isEdited && (
                <Button
                  variant="default"
                  onClick={() => {
                    setEdited(null);
                    choose(0, before);
                  }}
                >
                  Discard
                </Button>
              )}
              <Button
                disabled={(!isEdited && inForce.inForce) || isTyping || wrong.length > 0 || (validation.data?.others.length ?? 0) > 0}
                onClick={() => setPutting(true)}
              >
                Review and put in force
              </Button>
            </Group>
          )}
        </Group>
        {documents.length === 0 ? (
          <Empty
            icon="scales"
            title={inForce.inForce ? "Only those that ship" : "None yet"}
            action={
              !readOnly && (
                <Button leftSection={<Icon name="plus" size={16} />} onClick={add}>
                  Write a policy
                </Button>
              )
            }
          >
            A policy says in YAML which changes need whose approval. It is tried on the changes that were recorded before it is put in force.
          </Empty>
        ) : (
          <div className={classes.bench}>
            <nav aria-label="Policies" className={classes.documents}>
              {documents.map((item, index) => {
                const problems = wrong.filter((one) => one.document === index).length;
                return (
                  <UnstyledButton
                    key={index}
                    className={classes.document!}
                    aria-current={index === chosen ? "true" : undefined}
                    onClick={() => choose(index)}
                  >
                    <span className="key">{nameOf(item.yaml)}</span>
                    <small>
                      {item.project ? `project ${item.project}` : "the organisation"}
                      {isEdited && !before.some((one) => same(one, item)) && " · edited"}
                      {problems > 0 && ` · ${problems === 1 ? "one problem" : `${problems} problems`}`}
                    </small>
                  </UnstyledButton>
                );
              })}
              {!readOnly && (
                <Button size="xs" variant="default" mt={6} leftSection={<Icon name="plus" size={14} />} onClick={add}>
                  Add a policy
                </Button>
              )}
            </nav>
            {document && (
              <div className={classes.text}>
                {!readOnly && (
                  <Group gap="sm" mb={8} align="flex-end" justify="space-between">
                    <BelongsTo value={document.project} onChange={(project) => edit({ project })} />
                    <Button variant="default" leftSection={<Icon name="trash" size={16} />} onClick={drop}>
                      Remove
                    </Button>
                  </Group>
                )}
                <Suspense fallback={<Rows count={12} height={20} />}>
                  <Editor
                    key={chosen}
                    language="yaml"
                    label="Text of the policy"
                    value={document.yaml}
                    readOnly={readOnly}
                    minHeight={320}
                    problems={isTyping ? [] : wrong.filter((item) => item.document === chosen)}
                    onChange={(yaml) => yaml !== document.yaml && edit({ yaml })}
                  />
                </Suspense>
              </div>
            )}
          </div>
        )}
        <div aria-live="polite">
          {isEdited && validation.isError && <Failure error={validation.error} retry={() => validation.refetch()} />}
          {isEdited && !isTyping && validation.data && <Judgement wrong={wrong} others={validation.data.others} documents={settled} onShow={choose} />}
        </div>
        {!isEdited && inForce.notes.length > 0 && <Notes notes={inForce.notes} />}
      </section>
      {maySimulate && (inForce.inForce || isEdited) && (
        <Simulation
          documents={documents}
          isReady={!isTyping && wrong.length === 0}
          onAnswer={(answer) => setSimulated({ documents, answer })}
          onReset={() => setSimulated(null)}
        />
      )}
      {isPutting && (
        <PutInForce
          documents={documents}
          simulated={simulated && same(simulated.documents, documents) ? simulated.answer : null}
          isFirst={!inForce.inForce}
          base={inForce.revision}
          onClose={() => setPutting(false)}
          onDone={() => {
            setPutting(false);
            setEdited(null);
          }}
        />
      )}
    </Stack>
  );
}

function BelongsTo({ value, onChange }: { value: string | null; onChange: (project: string | null) => void }) {
  const { data: projects = [] } = useQuery(projectsQuery);
  const keys = new Set([...projects.map((project) => project.key), ...(value ? [value] : [])]);
  return (
    <NativeSelect
      label="Belongs to"
      data={[{ value: "", label: "The organisation" }, ...[...keys].map((key) => ({ value: key, label: `Project ${key}` }))]}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

/** What the server found when it read the draft. */
function Judgement({
  wrong,
  others,
  documents,
  onShow,
}: {
  wrong: readonly { document: number; line: number; column: number; message: string }[];
  others: readonly string[];
  documents: readonly PolicyDocument[];
  onShow: (document: number) => void;
}) {
  if (wrong.length + others.length === 0) {
    return (
      <Text size="sm" c="dimmed" mt="sm">
        The server reads it without objections.
      </Text>
    );
  }
  return (
    <Alert color="flare" icon={<Icon name="alert" />} mt="sm" title="It does not load">
      <List size="sm" spacing={4}>
        {wrong.map((item, index) => (
          <List.Item key={index}>
            <UnstyledButton className={classes.place!} onClick={() => onShow(item.document)}>
              {nameOf(documents[item.document]?.yaml ?? "")}, line {item.line}, column {item.column}
            </UnstyledButton>
            : {item.message}
          </List.Item>
        ))}
        {others.map((message) => (
          <List.Item key={message}>{message}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** What the author of a rule should know, though nothing is wrong. */
export function Notes({ notes }: { notes: InForce["notes"] }) {
  return (
    <Alert color="signal" icon={<Icon name="info" />} mt="sm" title="Worth knowing">
      <Title order={3} className="visually-hidden">
        Notes
      </Title>
      <List size="sm" spacing={4}>
        {notes.map((note, index) => (
          <List.Item key={index}>
            <span className="key">
              {note.policy}/{note.rule}
            </span>
            : {note.message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

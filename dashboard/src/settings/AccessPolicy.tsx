import { ActionIcon, Alert, Badge, Button, Group, List, NativeSelect, Stack, Tabs, Text, TextInput, Title, Tooltip } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { post, put, type Schemas } from "../api/client";
import { accessPolicyQuery } from "../api/queries";
import { same } from "../changes/operations";
import { Act, Meaning } from "../common/Act";
import { Behind, useBase } from "../common/Base";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import { EXAMPLES, freshName, type Module, policyProblems } from "./access-policy";
import classes from "./Settings.module.css";
import { TestInputs } from "./TestInputs";

const Editor = lazy(() => import("../common/Editor"));

export type DryRun = Schemas["PolicyDryRunAnswer"];

/** The policy that decides who may do what: read, edited, tried on what was decided before, put in force, taken back. */
export default function AccessPolicy() {
  const policy = useQuery(accessPolicyQuery);
  if (policy.data === undefined)
    return policy.isError ? <Failure error={policy.error} retry={() => policy.refetch()} /> : <Rows count={8} height={40} />;
  return <Policy latest={policy.data} />;
}

function Policy({ latest }: { latest: Schemas["PolicyAnswer"] }) {
  const { may } = usePermissions();
  const [modules, setModules] = useState<Module[]>(latest.modules as Module[]);
  const [inputs, setInputs] = useState(EXAMPLES);
  const [file, setFile] = useState(0);
  const begin = () => {
    setModules(latest.modules as Module[]);
    setFile(0);
  };
  // What was just put in force is no draft any more.
  const policy = useBase(latest, (base) => !same(modules, base.modules) && !same(modules, latest.modules), begin);
  const [step, setStep] = useState<"replace" | "roll-back" | null>(null);
  const [tried, setTried] = useState<Module[] | null>(null);
  const mayChange = may("policy.change");
  const mayTry = may("policy.simulate");
  const isEdited = !same(modules, policy.modules);
  const trial = useMutation({
    mutationFn: (candidate: Module[]) => post("/api/v1/authorization/policy/dry-run", { body: { modules: candidate } as never }),
    onMutate: setTried,
  });
  const isTried = tried !== null && same(tried, modules);
  const problems = isTried ? policyProblems(trial.error) : { files: new Map(), rest: [] };
  const shown = modules[file] ?? modules[0]!;
  const edit = (part: Partial<Module>) => setModules(modules.map((module) => (module === shown ? { ...module, ...part } : module)));
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      (current.pathname !== next.pathname || (next.search as { tab?: string }).tab !== (current.search as { tab?: string }).tab) &&
      isEdited && !window.confirm("Leave without putting it in force? Your draft would be lost."),
    enableBeforeUnload: () => isEdited,
  });
  return (
    <section aria-label="Access policy">
      <Behind base={policy} latest={latest} discard={begin} />
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <Text size="sm" c="dimmed" flex="1 1 280px" maw={640}>
          Every read and every change is decided by this policy, from roles and assignments. It is written in Rego; what it does not allow is
          denied.
        </Text>
        <Group gap="xs">
          <Badge size="lg" color={policy.revision === 0 ? "gray" : "tide"}>
            {policy.revision === 0 ? "the one that ships" : `revision ${policy.revision}`}
          </Badge>
          {mayChange && policy.revision > 0 && (
            <Button variant="default" leftSection={<Icon name="refresh" size={16} />} onClick={() => setStep("roll-back")}>
              Roll back
            </Button>
          )}
        </Group>
      </Group>
      <Tabs defaultValue="text" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="text">Policy</Tabs.Tab>
          {mayTry && <Tabs.Tab value="inputs">Test inputs</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="text">
          <Stack gap="sm">
            <Group gap="xs" align="flex-end" wrap="nowrap">
              <NativeSelect
                label="File"
                flex="0 1 220px"
                miw={0}
                value={shown.name}
                data={modules.map((module) => module.name)}
                onChange={(event) => setFile(modules.findIndex((module) => module.name === event.currentTarget.value))}
              />
              {mayChange && (
                <>
                  <FileName
                    key={shown.name}
                    name={shown.name}
                    taken={modules.map((module) => module.name)}
                    rename={(name) => edit({ name })}
                  />
                  <Tooltip label="Add a file">
                    <ActionIcon
                      size={36}
                      flex="none"
                      variant="default"
                      aria-label="Add a file"
                      onClick={() => {
                        setModules([...modules, { name: freshName(modules), text: "package halyard\n\nimport rego.v1\n" }]);
                        setFile(modules.length);
                      }}
                    >
                      <Icon name="plus" size={16} />
                    </ActionIcon>
                  </Tooltip>
                  {modules.length > 1 && (
                    <Tooltip label="Remove this file">
                      <ActionIcon
                        size={36}
                        flex="none"
                        variant="default"
                        aria-label="Remove this file"
                        onClick={() => {
                          setModules(modules.filter((module) => module !== shown));
                          setFile(0);
                        }}
                      >
                        <Icon name="trash" size={16} />
                      </ActionIcon>
                    </Tooltip>
                  )}
                </>
              )}
            </Group>
            <Suspense fallback={<Rows count={1} height={420} />}>
              <Editor
                language="rego"
                label={`Policy ${shown.name}`}
                value={shown.text}
                onChange={(text) => edit({ text })}
                readOnly={!mayChange && !mayTry}
                minHeight={320}
                maxHeight="62vh"
                problems={problems.files.get(modules.indexOf(shown)) ?? []}
              />
            </Suspense>
            <Group gap="xs">
              {mayTry && (
                <Button variant={isTried ? "default" : "filled"} leftSection={<Icon name="play" size={16} />} loading={trial.isPending} onClick={() => trial.mutate(modules)}>
                  Try it on what was decided
                </Button>
              )}
              {mayChange && (
                <Tooltip label="Try it first: what nobody looked at is not put in force." disabled={!isEdited || isTried || !mayTry}>
                  <Button
                    variant={isTried ? "filled" : "default"}
                    disabled={!isEdited || (mayTry && (!isTried || !trial.isSuccess))}
                    onClick={() => setStep("replace")}
                  >
                    Put in force
                  </Button>
                </Tooltip>
              )}
              {isEdited && (
                <Button
                  variant="subtle"
                  color="gray"
                  onClick={() => {
                    setModules(policy.modules as Module[]);
                    setFile(0);
                  }}
                >
                  Discard the draft
                </Button>
              )}
            </Group>
            {isTried && trial.isError && <Problems error={trial.error} modules={modules} open={setFile} />}
            {isTried && trial.data && <Report report={trial.data} />}
          </Stack>
        </Tabs.Panel>
        {mayTry && (
          <Tabs.Panel value="inputs">
            <TestInputs modules={modules} isDraft={isEdited} text={inputs} setText={setInputs} />
          </Tabs.Panel>
        )}
      </Tabs>
      {step === "replace" && (
        <Act
          title="Put this policy in force"
          button="Put in force"
          onClose={() => setStep(null)}
          run={({ reason, headers }) => put("/api/v1/authorization/policy", {
              body: { modules, ...reason } as never,
              headers: { ...headers, "If-Match": `"${policy.revision}"` },
            })
          }
        >
          <Meaning>
            From the next request on it decides everything that anybody reads or does here. One that would leave nobody to administer is
            refused; revision {policy.revision} can be put in force again in one step.
          </Meaning>
          {trial.data && <Counts report={trial.data} />}
        </Act>
      )}
      {step === "roll-back" && <RollBack revision={policy.revision} close={() => setStep(null)} />}
    </section>
  );
}

function FileName({ name, taken, rename }: { name: string; taken: string[]; rename: (name: string) => void }) {
  const [typed, setTyped] = useState(name);
  const problem =
    typed === name
      ? null
      : taken.includes(typed)
        ? "There is a file of this name."
        : /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(typed)
          ? null
          : "Letters, digits, dots, hyphens and underscores.";
  return (
    <TextInput
      label="Its name"
      flex="0 1 220px"
      miw={0}
      classNames={{ input: "key" }}
      value={typed}
      error={problem}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => (typed !== name && !problem ? rename(typed) : setTyped(name))}
    />
  );
}

function Problems({ error, modules, open }: { error: unknown; modules: readonly Module[]; open: (file: number) => void }) {
  const { files, rest } = policyProblems(error);
  if (files.size === 0 && rest.length === 0) return <Failure error={error} />;
  return (
    <Alert color="flare" icon={<Icon name="alert" />} title="It cannot be used like this" role="alert">
      <List size="sm" spacing={2}>
        {[...files].flatMap(([file, problems]) =>
          problems.map((problem) => (
            <List.Item key={`${file} ${problem.line} ${problem.column} ${problem.message}`}>
              <Button variant="transparent" size="compact-sm" p={0} td="underline" onClick={() => open(file)}>
                {modules[file]?.name}, line {problem.line}
              </Button>
              : {problem.message}
            </List.Item>
          )),
        )}
        {rest.map((problem) => (
          <List.Item key={problem}>{problem}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Counts({ report }: { report: DryRun }) {
  return (
    <Group gap={6}>
      <Badge color="gray">{count(report.decisions, "decision", "decisions")} asked again</Badge>
      <Badge color={report.newlyDenied > 0 ? "flare" : "tide"}>{report.newlyDenied.toLocaleString()} newly denied</Badge>
      <Badge color={report.newlyAllowed > 0 ? "signal" : "tide"}>{report.newlyAllowed.toLocaleString()} newly allowed</Badge>
    </Group>
  );
}

/** What a candidate would have decided otherwise. */
function Report({ report }: { report: DryRun }) {
  const { may } = usePermissions();
  return (
    <section aria-label="What it would have decided">
      <Group gap={10} mb={8}>
        <Title order={2}>What it would have decided</Title>
        <Counts report={report} />
      </Group>
      <Text size="sm" c="dimmed" mb={8}>
        Entries {report.from} to {report.to} of the log; {count(report.skipped, "entry holds", "entries hold")} no question that can be asked again.
      </Text>
      {report.differences.length === 0 ? (
        <Text size="sm">Nothing else than was decided.</Text>
      ) : (
        <ul className={classes.differences}>
          {report.differences.map((item) => (
            <li key={item.index}>
              <Badge color={item.candidate === "deny" ? "flare" : "signal"}>{item.candidate === "deny" ? "newly denied" : "newly allowed"}</Badge>
              <span>
                {may("audit.read") ? (
                  <Link to="/audit/$entry" params={{ entry: String(item.index) }}>
                    Entry {item.index}
                  </Link>
                ) : (
                  `Entry ${item.index}`
                )}
                : {item.reason}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const count = (number: number, one: string, many: string) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

const MOST_CHOICES = 50;

function RollBack({ revision, close }: { revision: number; close: () => void }) {
  const [to, setTo] = useState(revision - 1);
  const choices = Array.from({ length: Math.min(revision, MOST_CHOICES) }, (_, index) => revision - 1 - index);
  if (!choices.includes(0)) choices.push(0);
  return (
    <Act
      title="Roll the policy back"
      button="Put it in force again"
      onClose={close}
      run={({ reason, headers }) => post("/api/v1/authorization/policy/rollback", { body: { revision: to, ...reason } as never, headers })}
    >
      <NativeSelect
        label="To"
        data-autofocus
        value={String(to)}
        data={choices.map((value) => ({ value: String(value), label: value === 0 ? "the policy that ships with the server" : `revision ${value}` }))}
        onChange={(event) => setTo(Number(event.currentTarget.value))}
      />
      <Meaning>It becomes a revision of its own; what is in force now can be put in force again.</Meaning>
    </Act>
  );
}

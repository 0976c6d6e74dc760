import { ActionIcon, Badge, Button, Group, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { type Environment, environmentsQuery, sdkKeysQuery } from "../api/queries";
import { TypeBadge } from "../changes/DiffList";
import type { Operation } from "../changes/operations";
import { Review } from "../changes/Review";
import { Icon } from "../common/Icon";
import { Acts, Item, Items } from "../common/Items";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Empty, Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import { moveOperations } from "./environment";
import { CreateEnvironment, EditEnvironment } from "./EnvironmentForms";
import { SdkKeys } from "./SdkKeys";

type Step = { title: string; operations: Operation[] };

/** The environments of a project in the order in which a change travels through them, and the keys by which programs read each. */
export function EnvironmentsPage() {
  const { project } = useParams({ from: "/shell/projects/$project/environments" });
  const { env, create } = useSearch({ from: "/shell/projects/$project/environments" });
  const navigate = useNavigate({ from: "/projects/$project/environments" });
  const { may, mayPropose } = usePermissions();
  const environments = useQuery(environmentsQuery(project));
  const [step, setStep] = useState<Step | null>(null);
  const [editing, setEditing] = useState<Environment | null>(null);
  const all = environments.data ?? [];
  const chosen = all.find((item) => item.key === env) ?? all[0];
  const button = mayPropose("environment.created") && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}>
      Create environment
    </Button>
  );
  return (
    <>
      <PageHeader title="Environments" actions={all.length > 0 && button}>
        <Text size="sm" c="dimmed">
          In the order in which a change travels through them.
        </Text>
      </PageHeader>
      {environments.isError ? (
        <Failure error={environments.error} retry={() => environments.refetch()} />
      ) : environments.isPending ? (
        <Rows count={4} height={54} />
      ) : all.length === 0 ? (
        <Empty icon="layers" title="No environments yet" action={button || undefined}>
          Flags are switched environment by environment. Begin with development and production.
        </Empty>
      ) : (
        <>
          <Items label="Environments">
            {all.map((item) => (
              <Item
                key={item.key}
                mono
                dimmed={!item.enabled}
                title={item.key}
                about={item.name === item.key ? undefined : item.name}
                state={
                  <>
                    {!item.enabled && <Badge color="flare">off: every flag is served as off</Badge>}
                    <TypeBadge type={item.type} />
                    <KeyCount project={project} environment={item.key} chosen={item.key === chosen?.key} />
                    {mayPropose("environment.updated") && (
                      <Group gap={0} wrap="nowrap">
                        <Move label={`Move ${item.key} up`} icon="up" operations={moveOperations(all, item.key, -1)} go={setStep} />
                        <Move label={`Move ${item.key} down`} icon="down" operations={moveOperations(all, item.key, 1)} go={setStep} />
                      </Group>
                    )}
                  </>
                }
                acts={
                  <Acts
                    label={item.key}
                    acts={[
                      mayPropose("environment.updated") && { label: "Edit name and type", icon: "settings", go: () => setEditing(item) },
                      mayPropose("environment.enabled", "environment.disabled") && {
                        label: item.enabled ? "Switch it off" : "Switch it on",
                        icon: "bolt",
                        danger: item.enabled,
                        go: () =>
                          setStep({
                            title: item.enabled ? `Switch ${item.key} off: every flag is served as off` : `Switch ${item.key} on`,
                            operations: [{ op: "setEnvironmentEnabled", environment: item.key, enabled: !item.enabled, baseRevision: item.revision }],
                          }),
                      },
                      mayPropose("environment.deleted") && {
                        label: "Delete",
                        icon: "trash",
                        danger: true,
                        go: () =>
                          setStep({
                            title: `Delete ${item.key}, and what every flag serves there`,
                            operations: [{ op: "deleteEnvironment", environment: item.key, baseRevision: item.revision }],
                          }),
                      },
                    ]}
                  />
                }
              />
            ))}
          </Items>
          {chosen && may("sdk-key.read") && <SdkKeys project={project} environment={chosen.key} />}
        </>
      )}
      {create && (
        <CreateEnvironment project={project} environments={all} close={() => navigate({ search: (now) => ({ ...now, create: undefined }) })} />
      )}
      {editing && <EditEnvironment project={project} environment={editing} close={() => setEditing(null)} />}
      {step && (
        <Review project={project} operations={step.operations} title={step.title} onClose={() => setStep(null)} onDone={() => setStep(null)} />
      )}
    </>
  );
}

function KeyCount({ project, environment, chosen }: { project: string; environment: string; chosen: boolean }) {
  const { may } = usePermissions();
  const { data: keys } = useQuery({ ...sdkKeysQuery, enabled: may("sdk-key.read") });
  if (!keys) return null;
  const count = keys.filter((key) => key.project === project && key.environment === environment).length;
  return (
    <Link
      to="/projects/$project/environments"
      params={{ project }}
      search={{ env: environment }}
      resetScroll={false}
      size="sm"
      miw={82}
      ta="right"
      fw={chosen ? 640 : 400}
      aria-current={chosen ? "true" : undefined}
      aria-label={`SDK keys of ${environment}: ${count}`}
    >
      {count === 1 ? "1 SDK key" : `${count} SDK keys`}
    </Link>
  );
}

function Move({ label, icon, operations, go }: { label: string; icon: "up" | "down"; operations: Operation[]; go: (step: Step) => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={28} variant="subtle" aria-label={label} disabled={operations.length === 0} {...(operations.length === 0 ? { bg: "transparent" } : {})} onClick={() => go({ title: label, operations })}>
        <Icon name={icon} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

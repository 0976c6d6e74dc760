import { Box, Group, Select, Stack, Switch, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type Environment, segmentsQuery } from "../../api/queries";
import { TypeBadge } from "../../changes/DiffList";
import { same } from "../../changes/operations";
import { breakable } from "../../common/words";
import { usePermissions } from "../../session/session";
import type { Configuration, FlagModel } from "../model";
import { EnvironmentMatrix } from "./EnvironmentMatrix";
import classes from "./FlagPage.module.css";
import { OverridesEditor } from "./OverridesEditor";
import { PrerequisitesEditor } from "./PrerequisitesEditor";
import { RulesEditor } from "./RulesEditor";
import { ServeEditor } from "./ServeEditor";

/** All environments side by side, and below them the one that is chosen, to be edited. */
export function Targeting({
  project,
  before,
  draft,
  environments,
  readOnly,
  onChange,
}: {
  project: string;
  before: FlagModel;
  draft: FlagModel;
  environments: readonly Environment[];
  readOnly: boolean;
  onChange: (flag: FlagModel) => void;
}) {
  const { env } = useSearch({ from: "/shell/projects/$project/flags/$flag" });
  const navigate = useNavigate({ from: "/projects/$project/flags/$flag" });
  const chosen = environments.find((item) => item.key === env) ?? environments[0];
  if (!chosen) return <Text c="dimmed">This project has no environment yet, so the flag is served nowhere.</Text>;
  const configuration = draft.environments[chosen.key]!;
  const put = (part: Partial<Configuration>) =>
    onChange({ ...draft, environments: { ...draft.environments, [chosen.key]: { ...configuration, ...part } } });
  return (
    <>
      <EnvironmentMatrix
        flag={draft}
        environments={environments}
        chosen={chosen.key}
        changed={new Set(environments.map((item) => item.key).filter((key) => !same(before.environments[key], draft.environments[key])))}
        onChoose={(key) => navigate({ search: (now) => ({ ...now, env: key }), replace: true, resetScroll: false })}
      />
      <Group gap={10} mb="md">
        <Title order={2}>{breakable(chosen.name || chosen.key)}</Title>
        <TypeBadge type={chosen.type} />
        {!chosen.enabled && (
          <Text size="sm" c="var(--mantine-color-error)">
            The whole environment is switched off: every flag serves its off variant.
          </Text>
        )}
      </Group>
      <ConfigurationEditor project={project} flag={draft} configuration={configuration} readOnly={readOnly} onChange={put} key={chosen.key} />
    </>
  );
}

function ConfigurationEditor({
  project,
  flag,
  configuration,
  readOnly,
  onChange,
}: {
  project: string;
  flag: FlagModel;
  configuration: Configuration;
  readOnly: boolean;
  onChange: (part: Partial<Configuration>) => void;
}) {
  const { may } = usePermissions();
  const { data: segments = [] } = useQuery({ ...segmentsQuery(project), enabled: may("segment.read") });
  const variants = flag.variants.map((item) => item.key);
  return (
    <Stack gap={0}>
      <Box className={classes.section}>
        <Switch
          size="md"
          label={configuration.enabled ? "On: the targeting below decides" : "Off: everyone gets the off variant"}
          checked={configuration.enabled}
          disabled={readOnly}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
      </Box>
      <PrerequisitesEditor
        project={project}
        flag={flag.key}
        items={configuration.prerequisites}
        readOnly={readOnly}
        onChange={(prerequisites) => onChange({ prerequisites })}
      />
      <OverridesEditor
        items={configuration.overrides}
        variants={variants}
        readOnly={readOnly}
        onChange={(overrides) => onChange({ overrides })}
      />
      <RulesEditor
        rules={configuration.rules}
        variants={variants}
        segments={segments.map((item) => item.key)}
        readOnly={readOnly}
        onChange={(rules) => onChange({ rules })}
      />
      <Box component="section" className={classes.section} aria-label="Otherwise">
        <Title order={3} mb={8}>
          {configuration.rules.length > 0 ? "Everyone else gets" : "Everyone gets"}
        </Title>
        <ServeEditor serve={configuration.fallthrough} variants={variants} readOnly={readOnly} onChange={(fallthrough) => onChange({ fallthrough })} />
      </Box>
      <Group gap="md" align="flex-start">
        <Select
          label="Off variant"
          description="Served while the flag is off"
          data={variants}
          value={configuration.offVariant}
          allowDeselect={false}
          disabled={readOnly}
          onChange={(offVariant) => offVariant && onChange({ offVariant })}
        />
        <Select
          label="Emergency variant"
          description="Declared safe beforehand; may be empty"
          placeholder="None"
          clearable
          clearButtonProps={{ "aria-label": "Declare none" }}
          data={variants}
          value={configuration.fallbackVariant ?? null}
          disabled={readOnly}
          onChange={(variant) => onChange({ fallbackVariant: variant ?? undefined })}
        />
      </Group>
    </Stack>
  );
}

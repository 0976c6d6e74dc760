import { Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Environment } from "../api/queries";
import { Review } from "../changes/Review";
import type { FlagModel } from "../flags/model";
import { GateBox } from "./GateBox";
import { promoteOperation, stepOf } from "./promotion";

/** Takes over in one environment what a flag has in another: the gate, what changes, why. */
export default function Promote({
  project,
  flag,
  environments,
  from: first,
  to: last,
  close,
}: {
  project: string;
  flag: Pick<FlagModel, "key" | "revision">;
  environments: readonly Environment[];
  from?: string | undefined;
  to?: string | undefined;
  close: () => void;
}) {
  const [{ from, to }, setWay] = useState({ from: first, to: last });
  const step = stepOf(environments, from, to);
  const choices = (without: string | undefined) =>
    environments.filter((item) => item.key !== without).map((item) => ({ value: item.key, label: item.name || item.key }));
  return (
    <Review
      project={project}
      operations={step ? [promoteOperation(flag, step)] : []}
      title={`Promote ${flag.key}`}
      onClose={close}
      onDone={close}
    >
      {step ? (
        <Stack gap="sm">
          <Group grow align="flex-start" wrap="nowrap">
            <NativeSelect
              label="What it has in"
              data-autofocus
              value={step.from.key}
              data={choices(undefined)}
              onChange={(event) => setWay({ from: event.currentTarget.value, to: undefined })}
            />
            <NativeSelect
              label="Goes to"
              value={step.to.key}
              data={choices(step.from.key)}
              onChange={(event) => setWay({ from: step.from.key, to: event.currentTarget.value })}
            />
          </Group>
          <Text size="xs" c="dimmed">
            State, rules, splits, prerequisites and the off variant are copied; overrides and the emergency variant stay.
          </Text>
          <GateBox project={project} flag={flag.key} step={step} />
        </Stack>
      ) : (
        <Text size="sm">It takes two environments to promote from one to another.</Text>
      )}
    </Review>
  );
}

import { Box, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import type { FlagModel, Serve } from "../model";
import { VariantsEditor } from "../VariantsEditor";

/** What the flag may answer, in every environment alike. */
export function VariantsTab({
  draft,
  before,
  readOnly,
  onChange,
}: {
  draft: FlagModel;
  before: FlagModel;
  readOnly: boolean;
  onChange: (flag: FlagModel) => void;
}) {
  const used = useMemo(() => variantsInUse(draft), [draft]);
  return (
    <Stack gap="sm" maw={820}>
      <Text size="sm" c="dimmed">
        The values that programs get. They are the same in every environment; the targeting decides who gets which.
      </Text>
      <Box>
        <VariantsEditor
          // A draft that was discarded starts from what the server has.
          key={`${before.revision} ${draft === before}`}
          type={draft.type}
          variants={draft.variants}
          used={used}
          readOnly={readOnly}
          onChange={(variants) => onChange({ ...draft, variants })}
        />
      </Box>
    </Stack>
  );
}

/** The variants that some environment serves or may serve. */
function variantsInUse(flag: FlagModel): Set<string> {
  const served = (serve: Serve) => (serve.rollout ? serve.rollout.weights.map((item) => item.variant) : [serve.variant!]);
  return new Set(
    Object.values(flag.environments).flatMap((item) => [
      item.offVariant,
      ...(item.fallbackVariant ? [item.fallbackVariant] : []),
      ...served(item.fallthrough),
      ...item.rules.flatMap((rule) => served(rule.serve)),
      ...item.overrides.map((override) => override.variant),
    ]),
  );
}

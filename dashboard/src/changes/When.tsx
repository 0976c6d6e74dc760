import { Input, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { useId } from "react";
import { ExpiryField } from "../common/Expiry";
import { zone } from "../common/time";
import { type ScheduleDraft, scheduleProblem } from "./schedule";

/** Whether a change takes effect as soon as it may, or in a span of time. */
export function When({ draft, onChange }: { draft: ScheduleDraft; onChange: (draft: ScheduleDraft) => void }) {
  const label = useId();
  const problem = scheduleProblem(draft);
  return (
    <Stack gap={6}>
      <div>
        <Input.Label labelElement="div" id={label} display="block">
          When
        </Input.Label>
        <SegmentedControl
          aria-labelledby={label}
          value={draft.isTimed ? "timed" : "now"}
          onChange={(value) => onChange({ ...draft, isTimed: value === "timed" })}
          data={[
            { value: "now", label: "As soon as it may" },
            { value: "timed", label: "At a time" },
          ]}
        />
      </div>
      {draft.isTimed && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <ExpiryField label="Not before" description={`In your zone, ${zone()}.`} value={draft.notBefore} onChange={(notBefore) => onChange({ ...draft, notBefore })} />
            <ExpiryField label="Not after" description="Empty: a day later." value={draft.notAfter} onChange={(notAfter) => onChange({ ...draft, notAfter })} />
          </SimpleGrid>
          <Text size="xs" c={problem ? "var(--mantine-color-error)" : "dimmed"}>
            {problem ?? "When the time comes everything is looked at again, and the change is applied in your name. Afterwards it never is."}
          </Text>
        </>
      )}
    </Stack>
  );
}

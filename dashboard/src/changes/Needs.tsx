import { Group, Stack, Text, ThemeIcon } from "@mantine/core";
import type { ChangeRequest } from "../api/queries";
import { Icon } from "../common/Icon";
import { People } from "../common/People";

type Requirement = ChangeRequest["requirement"];

/** What policies require, stage after stage, and who could approve now. */
export function Needs({ requirement, canApprove }: { requirement: Requirement; canApprove?: readonly string[] | null | undefined }) {
  return (
    <Stack gap="xs">
      {requirement.stages.map((stage, index) => (
        <Group key={stage.name + index} gap={10} wrap="nowrap" align="flex-start">
          <ThemeIcon size={22} radius="xl" variant="light" color="signal" aria-hidden>
            <Text size="xs" fw={640}>
              {index + 1}
            </Text>
          </ThemeIcon>
          <div>
            <Text size="sm" fw={580}>
              {stage.name}
            </Text>
            {stage.groups.map((group) => (
              <Text key={group.from.join()} size="sm" c="dimmed">
                {group.count} of {group.from.map(groupText).join(" or ")}
              </Text>
            ))}
          </div>
        </Group>
      ))}
      {requirement.checks.length > 0 && (
        <Group gap={10} wrap="nowrap" align="flex-start">
          <ThemeIcon size={22} radius="xl" variant="light" color="gray">
            <Icon name="check" size={13} />
          </ThemeIcon>
          <div>
            <Text size="sm" fw={580}>
              Checks that must have passed
            </Text>
            <Text size="sm" c="dimmed">
              {requirement.checks.join(", ")}
            </Text>
          </div>
        </Group>
      )}
      {canApprove && (
        <Text size="sm" c="dimmed">
          {canApprove.length === 0 ? (
            "Nobody known by name can approve it now; members of groups may."
          ) : (
            <>
              Can approve now: <People subjects={canApprove} />
            </>
          )}
        </Text>
      )}
      {requirement.rules.length > 0 && (
        <Text size="xs" c="dimmed">
          Asked for by {requirement.rules.map((rule) => `“${rule}”`).join(", ")}
        </Text>
      )}
    </Stack>
  );
}

function groupText(from: string): string {
  if (from === "owners") return "the flag’s owners";
  return from.startsWith("group:") ? `the group ${from.slice("group:".length)}` : from;
}

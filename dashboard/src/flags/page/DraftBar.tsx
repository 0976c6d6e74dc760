import { Button, Group, Text, Tooltip } from "@mantine/core";
import { FootBar, LetGo } from "../../common/FootBar";
import { Icon } from "../../common/Icon";

/** Stands at the foot of the page while something is edited and not saved. */
export function DraftBar({
  count,
  problems,
  isStale,
  what = "flag",
  onDiscard,
  onReview,
}: {
  count: number;
  problems: string[];
  isStale: boolean;
  what?: string;
  onDiscard: () => void;
  onReview: () => void;
}) {
  return (
    <FootBar label="Unsaved changes" widest={680}>
      <Group gap={8} wrap="nowrap" miw={0}>
        <Icon name={problems.length > 0 || isStale ? "alert" : "info"} />
        <Text size="sm" lineClamp={2}>
          {problems[0] ??
            (isStale
              ? `Somebody saved this ${what} meanwhile. What you did not touch is theirs; what both touched will be refused.`
              : `${count} unsaved ${count === 1 ? "change" : "changes"}`)}
        </Text>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <LetGo onClick={onDiscard}>Discard</LetGo>
        <Tooltip label={problems.join("\n")} disabled={problems.length === 0} multiline>
          <Button onClick={onReview} disabled={problems.length > 0}>
            Review and save
          </Button>
        </Tooltip>
      </Group>
    </FootBar>
  );
}

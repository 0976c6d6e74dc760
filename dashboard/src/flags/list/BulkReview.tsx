import { Alert, NativeSelect, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useState } from "react";
import type { Environment, Glance } from "../../api/queries";
import { same } from "../../changes/operations";
import { Review } from "../../changes/Review";
import { type BulkAct, bulkOperations } from "./bulk";
import { tally } from "./filter";

const TYPING = 300;

const TITLES: Record<BulkAct, string> = {
  on: "Switch on",
  off: "Switch off",
  "add-tags": "Add tags to",
  "remove-tags": "Remove tags from",
  owner: "Set the owner of",
  archive: "Archive",
};

/** One change of many flags: what it takes, then what every change shows before it is made. */
export default function BulkReview({
  project,
  act,
  flags,
  environments,
  close,
  done,
}: {
  project: string;
  act: BulkAct;
  flags: readonly Glance[];
  environments: readonly Environment[];
  close: () => void;
  done: () => void;
}) {
  // What was chosen stays what is shown, whatever the list behind it learns meanwhile.
  const [chosen] = useState(flags);
  const [choice, setChoice] = useState({ environment: environments[0]?.key ?? "", tags: [] as string[], owner: "" });
  const [settled] = useDebouncedValue(choice, TYPING);
  const operations = useMemo(() => bulkOperations(act, chosen, settled), [act, chosen, settled]);
  const known = useMemo(() => tally(chosen.flatMap((flag) => flag.tags)).map((item) => item.value), [chosen]);
  const put = (part: Partial<typeof choice>) => setChoice((before) => ({ ...before, ...part }));
  const isAsked = act === "archive" || (act === "owner" ? choice.owner : act === "on" || act === "off" ? choice.environment : choice.tags.length > 0);
  const alreadySo = chosen.length - operations.length;
  return (
    <Review
      project={project}
      operations={operations}
      title={`${TITLES[act]} ${chosen.length === 1 ? "1 flag" : `${chosen.length} flags`}`}
      isTyping={!same(choice, settled)}
      onClose={close}
      onDone={done}
    >
      <Stack gap="sm">
        {(act === "on" || act === "off") && (
          <NativeSelect
            label="In"
            data-autofocus
            value={choice.environment}
            data={environments.map((item) => ({ value: item.key, label: item.name || item.key }))}
            onChange={(event) => put({ environment: event.currentTarget.value })}
          />
        )}
        {(act === "add-tags" || act === "remove-tags") && (
          <TagsInput
            label="Tags"
            description={act === "add-tags" ? "Enter ends a tag." : undefined}
            data-autofocus
            data={known}
            value={choice.tags}
            onChange={(tags) => put({ tags })}
          />
        )}
        {act === "owner" && (
          <TextInput
            label="Owner"
            placeholder="team-checkout"
            maxLength={256}
            data-autofocus
            value={choice.owner}
            onChange={(event) => put({ owner: event.currentTarget.value })}
          />
        )}
        {act === "archive" && <Text size="sm">Archived flags are served as off, everywhere.</Text>}
        {isAsked && operations.length === 0 ? (
          <Alert color="gray" title="Nothing to do">
            All of them are so already.
          </Alert>
        ) : (
          isAsked &&
          alreadySo > 0 && (
            <Text size="sm" c="dimmed">
              {alreadySo === 1 ? "One is" : `${alreadySo} are`} so already and left alone.
            </Text>
          )
        )}
      </Stack>
    </Review>
  );
}

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import Editor from "../../common/Editor";
import { Icon } from "../../common/Icon";
import { readDraft, writeDraft } from "../draft-json";
import type { FlagModel } from "../model";

/** The flag as a document. What is edited here becomes the same draft as what is edited in the forms. */
export default function JsonTab({ flag, readOnly, onChange }: { flag: FlagModel; readOnly: boolean; onChange: (flag: FlagModel) => void }) {
  const shown = writeDraft(flag);
  const [text, setText] = useState(shown);
  const [base, setBase] = useState(shown);
  const [problem, setProblem] = useState<string | null>(null);
  // The flag became another meanwhile: who has edited nothing here sees that one.
  if (shown !== base) {
    setBase(shown);
    if (text === base) setText(shown);
  }
  const take = () => {
    const read = readDraft(flag, text);
    setProblem(read.problem ?? null);
    if (!read.flag) return;
    setText(writeDraft(read.flag));
    onChange(read.flag);
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {readOnly ? "As it is." : "Edit it, take it over, and review it like any other change."}
        </Text>
        {!readOnly && text !== shown && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setText(shown);
                setProblem(null);
              }}
            >
              Undo
            </Button>
            <Button size="xs" onClick={take}>
              Take it over
            </Button>
          </Group>
        )}
      </Group>
      {problem && (
        <Alert color="flare" icon={<Icon name="alert" />}>
          {problem}
        </Alert>
      )}
      <Editor language="json" value={text} onChange={setText} readOnly={readOnly} label="The flag as JSON" minHeight={320} />
    </Stack>
  );
}

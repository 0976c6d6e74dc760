import { ActionIcon, Button, Group, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Bypass } from "../api/queries";
import { Icon } from "../common/Icon";
import { Failure } from "../common/States";
import { useBypassAct } from "./act";

type Item = { text: string; ticket: string };

const MOST_ITEMS = 50;

/** What was found, and what is to be done about it. What is said once stays. */
export function ReviewForm({ bypass }: { bypass: Bypass }) {
  const act = useBypassAct(bypass);
  const [findings, setFindings] = useState("");
  const [items, setItems] = useState<Item[]>([]);
  const put = (index: number, part: Partial<Item>) => setItems(items.map((item, at) => (at === index ? { ...item, ...part } : item)));
  const isReady = findings.trim() !== "" && items.every((item) => item.text.trim() !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate({
      verb: "review",
      body: {
        findings: findings.trim(),
        actionItems: items.map(({ text, ticket }) => ({ text: text.trim(), ...(ticket.trim() ? { ticket: ticket.trim() } : {}) })),
      },
    });
  };
  return (
    <section aria-label="Review">
      <Title order={2} mb={2}>
        Review
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        After the incident somebody else says what it was. A review is written once and stays.
      </Text>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Textarea
            label="What was found"
            required
            autosize
            minRows={3}
            maxLength={4_096}
            value={findings}
            onChange={(event) => setFindings(event.currentTarget.value)}
          />
          {items.map((item, index) => (
            <Group key={index} gap="xs" align="flex-end" wrap="nowrap">
              <TextInput
                label={`To be done ${index + 1}`}
                required
                flex={1}
                data-autofocus
                maxLength={1_024}
                value={item.text}
                onChange={(event) => put(index, { text: event.currentTarget.value })}
              />
              <TextInput
                label="Ticket"
                w={120}
                maxLength={256}
                aria-label={`Ticket of action item ${index + 1}`}
                classNames={{ input: "key" }}
                value={item.ticket}
                onChange={(event) => put(index, { ticket: event.currentTarget.value })}
              />
              <ActionIcon size={34} aria-label={`Remove action item ${index + 1}`} onClick={() => setItems(items.filter((_, at) => at !== index))}>
                <Icon name="trash" />
              </ActionIcon>
            </Group>
          ))}
          {act.isError && <Failure error={act.error} />}
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<Icon name="plus" size={16} />}
              disabled={items.length >= MOST_ITEMS}
              onClick={() => setItems([...items, { text: "", ticket: "" }])}
            >
              Add what is to be done
            </Button>
            <Button type="submit" loading={act.isPending} disabled={!isReady}>
              Write the review
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}

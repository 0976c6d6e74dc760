import { Button, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Icon } from "../../common/Icon";
import { zone } from "../../common/time";

/** Shows the flag as it was at a time. The browser's own picker: it knows the reader's zone, keyboard and language. */
export function AtPicker() {
  const { at } = useSearch({ from: "/shell/projects/$project/flags/$flag" });
  const navigate = useNavigate({ from: "/projects/$project/flags/$flag" });
  const [open, setOpen] = useState(false);
  const [text, setText] = useState(at ? localText(at) : "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const time = new Date(text);
    if (Number.isNaN(time.getTime())) return;
    setOpen(false);
    void navigate({ search: (now) => ({ ...now, at: time.toISOString() }) });
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="clock" size={16} />} onClick={() => setOpen((before) => !before)}>
          State at…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              type="datetime-local"
              step={1}
              label="As it was at"
              description={`In your zone, ${zone()}`}
              required
              max={localText(new Date().toISOString())}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button type="submit">Show</Button>
            <Text size="xs" c="dimmed" maw={230}>
              The log knows every state there ever was, imported history included.
            </Text>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A time as the browser's picker takes it: local, without a zone. */
function localText(time: string): string {
  const date = new Date(time);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

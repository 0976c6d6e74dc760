import { Button, Group, Modal, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Failure } from "../common/States";
import { changePassword } from "./session";

const SHORTEST = 12;

/** Puts another password in the place of one's own. */
export default function OwnPassword({ close }: { close: () => void }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      notifications.show({ color: "tide", title: "Password changed", message: "Your other sessions have ended." });
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const missing = SHORTEST - next.length;
  return (
    <Modal opened onClose={close} size={440} title={<Title order={2}>Change your password</Title>}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">Every other session of yours ends, and so do tokens of your log-ins.</Text>
          <PasswordInput
            label="Password of now"
            required
            data-autofocus
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description="12 characters or more."
            required
            autoComplete="new-password"
            maxLength={128}
            error={next !== "" && missing > 0 ? `${missing} more ${missing === 1 ? "character" : "characters"}` : null}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          {change.isError && <Failure error={change.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Back
            </Button>
            <Button type="submit" loading={change.isPending} disabled={current === "" || missing > 0}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

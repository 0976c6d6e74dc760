import { Button, Group, Modal, Stack, Text, Textarea, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { wasRefused } from "../api/problem";
import { freshKey } from "../changes/submit";
import { queryClient } from "../shell/query-client";
import { Link } from "./Link";
import { Failure } from "./States";

/** What goes with a write that is no change of a project: why, and a key by which the same one sent again is the same one. */
export type Wrapped = { reason: { reason?: string }; headers: Record<string, string> };

/**
 * Asks once, with the fields that it takes and why, and does it: for what belongs to the organisation itself. Where policy wants
 * approval, it says where the request waits.
 */
export function Act<T>({
  title,
  button,
  danger = false,
  isReady = true,
  wide = false,
  mustSayWhy = false,
  children,
  run,
  onDone,
  onClose,
}: {
  title: string;
  button: string;
  danger?: boolean;
  isReady?: boolean;
  wide?: boolean;
  /** Whether the server takes it with a reason alone. */
  mustSayWhy?: boolean;
  children?: ReactNode;
  run: (wrapped: Wrapped) => Promise<T>;
  onDone?: (answer: T) => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  // One key for one intention: pressing again after a lost answer cannot do it twice.
  const [key, renewKey] = useState(freshKey);
  const act = useMutation({
    mutationFn: () => run({ reason: reason.trim() ? { reason: reason.trim() } : {}, headers: { "Idempotency-Key": key } }),
    onSuccess: async (answer) => {
      await refreshTenant();
      tellIfWaiting(answer);
      onClose();
      onDone?.(answer);
    },
    onError: (error) => {
      if (wasRefused(error)) renewKey(freshKey());
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <Modal opened onClose={onClose} size={wide ? 720 : 480} title={<Title order={2}>{title}</Title>}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {children}
          <Textarea
            label="Why"
            description="It stands in the log for ever."
            autosize
            minRows={1}
            maxLength={4_096}
            required={mustSayWhy}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {act.isError && <Failure error={act.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" loading={act.isPending} disabled={!isReady || (mustSayWhy && reason.trim() === "")} {...(danger ? { color: "flare" } : {})}>
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What was read of the organisation, and what is told of it, is no longer true. */
const refreshTenant = () =>
  Promise.all([["tenant"], ["me"], ["requests"], ["audit"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })));

function tellIfWaiting(answer: unknown) {
  const id = (answer as { changeRequest?: { id: string } | null } | undefined)?.changeRequest?.id;
  if (!id) return;
  notifications.show({
    color: "signal",
    title: "Waits for approval",
    message: (
      <Link to="/requests/$id" params={{ id }}>
        Open the change request
      </Link>
    ),
  });
}

/** A sentence that says what a step means before it is taken. */
export function Meaning({ children }: { children: ReactNode }) {
  return <Text size="sm">{children}</Text>;
}

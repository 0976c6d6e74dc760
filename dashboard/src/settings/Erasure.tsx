import { Button, Group, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { post } from "../api/client";
import { Act, Meaning } from "../common/Act";

const IS_ID = /^[us]_[0-9a-z]{20,32}$/;

/** Takes somebody's personal values out of the log for good; what was done stays, and every proof with it. */
export function Erasure() {
  const [isOpen, setOpen] = useState(false);
  const [whom, setWhom] = useState("");
  const close = () => {
    setOpen(false);
    setWhom("");
  };
  const name = whom.trim();
  return (
    <section aria-label="Erasure">
      <Group justify="space-between" align="flex-start" mb="sm" gap="sm">
        <div>
          <Title order={2}>Erasure</Title>
          <Text size="sm" c="dimmed" maw={640}>
            Who asks to be forgotten is: what the log keeps of them as commitments can be read by nobody afterwards.
          </Text>
        </div>
        <Button variant="light" color="flare" onClick={() => setOpen(true)}>
          Erase a person
        </Button>
      </Group>
      {isOpen && (
        <Act
          title="Erase a person"
          button="Erase for good"
          danger
          mustSayWhy
          isReady={name !== ""}
          onClose={close}
          run={({ reason, headers }) =>
            post("/api/v1/privacy/erasures", { body: { ...(IS_ID.test(name) ? { subject: name } : { name }), ...reason } as never, headers })
          }
          onDone={() => notifications.show({ color: "tide", title: "Erased", message: "Entries, hashes and proofs are as before." })}
        >
          <Meaning>
            Names, addresses, reasons and whatever else is about them are destroyed, in old entries too. What was done, when and by which id stays. It
            cannot be undone. While a user, flag, segment or token still holds a value of theirs it is refused, and so it is under a legal hold.
          </Meaning>
          <TextInput
            label="Whom"
            description="An id as entries name it, or a name, an e-mail address or a targeting key exactly as it was written."
            required
            data-autofocus
            maxLength={512}
            classNames={{ input: "key" }}
            value={whom}
            onChange={(event) => setWhom(event.currentTarget.value)}
          />
        </Act>
      )}
    </section>
  );
}

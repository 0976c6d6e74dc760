import { Alert, Button, CopyButton, Group, Modal, Stack, TextInput, Title } from "@mantine/core";
import { Icon } from "./Icon";

/** What the server has told once and will not tell again; it goes from the page with this dialog. */
export function Secret({ what, secret, onClose }: { what: string; secret: string | null | undefined; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} size={560} closeOnClickOutside={false} title={<Title order={2}>{what}</Title>}>
      <Stack gap="sm">
        {secret ? (
          <>
            <Alert color="signal" icon={<Icon name="alert" />} title="Shown this once">
              Copy it to where it belongs now. The server keeps its hash alone and cannot show it again.
            </Alert>
            <Group gap="xs" align="flex-end" wrap="nowrap">
              <TextInput
                label="Secret"
                readOnly
                flex={1}
                data-autofocus
                classNames={{ input: "key" }}
                value={secret}
                onFocus={(event) => event.currentTarget.select()}
              />
              <CopyButton value={secret}>
                {({ copied, copy }) => (
                  <Button variant="default" leftSection={<Icon name={copied ? "check" : "copy"} size={16} />} onClick={copy}>
                    {copied ? "Copied" : "Copy"}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </>
        ) : (
          <Alert color="signal" icon={<Icon name="alert" />} title="Made, but its secret did not arrive">
            It was told in an answer that was lost. Rotate it to get another.
          </Alert>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

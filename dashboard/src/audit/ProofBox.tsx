import { Alert, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type Entry, ledgerQuery, proofQuery } from "../api/queries";
import { Icon } from "../common/Icon";
import { Failure } from "../common/States";
import { queryClient } from "../shell/query-client";
import classes from "./Audit.module.css";
import { type ProofFile, verify } from "./proof";

/** Fetches the proof of an entry and checks it here, in the browser. */
export function ProofBox({ entry }: { entry: Entry }) {
  const check = useMutation({
    mutationFn: async () => {
      const [text, ledger] = await Promise.all([queryClient.fetchQuery(proofQuery(entry.index)), queryClient.fetchQuery(ledgerQuery)]);
      return { text, verdict: await verify(JSON.parse(text) as ProofFile, entry, ledger.keys) };
    },
  });
  const verdict = check.data?.verdict;
  return (
    <Card component="section" aria-label="Proof">
      <Stack gap="sm">
        <Group gap={8}>
          <Icon name="shield" />
          <Title order={2}>Proof</Title>
        </Group>
        <Text size="sm" c="dimmed">
          Your browser computes the hashes itself. Nothing that the server says about its own log is believed.
        </Text>
        {!globalThis.crypto?.subtle && (
          <Alert color="signal">This page was not opened over https, so the browser gives it no cryptography. Use `halyard verify-proof`.</Alert>
        )}
        <Button onClick={() => check.mutate()} loading={check.isPending} disabled={!globalThis.crypto?.subtle}>
          {verdict ? "Check again" : "Check that it is in the log"}
        </Button>
        <div aria-live="polite">
          {check.isError && <Failure error={check.error} />}
          {verdict && (
            <Stack gap="sm">
              <Alert color={verdict.holds ? "tide" : "flare"} icon={<Icon name={verdict.holds ? "check" : "alert"} />} title={verdict.holds ? "Verified" : "It does not hold"}>
                {verdict.holds
                  ? `This is entry ${entry.index} of the log when it had ${verdict.size} entries.`
                  : "The entry, or the proof, was changed. Keep the proof file, and tell whoever is responsible for the log."}
              </Alert>
              <ol className={classes.steps}>
                {verdict.steps.map((step) => (
                  <li key={step.words} data-holds={step.holds}>
                    <Icon name={step.holds ? "check" : "cross"} size={16} label={step.holds ? "holds" : "does not hold"} />
                    <span>
                      {step.words}
                      {step.detail && <small>{step.detail}</small>}
                    </span>
                  </li>
                ))}
              </ol>
              {!verdict.isSigned && (
                <Text size="sm">No signed checkpoint covers this entry yet. One is made within minutes; check again then.</Text>
              )}
              <Text size="xs" c="dimmed">
                Compare size and root with ones that you hold from elsewhere: a log invented as a whole agrees with itself.
              </Text>
              <Button
                variant="default"
                size="xs"
                leftSection={<Icon name="download" size={14} />}
                onClick={() => save(check.data!.text, `entry-${entry.index}.proof.json`)}
              >
                Keep the proof file
              </Button>
            </Stack>
          )}
        </div>
      </Stack>
    </Card>
  );
}

function save(text: string, name: string) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

import { Button, Card, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Entry } from "../api/queries";
import { Failure } from "../common/States";
import { usePermissions } from "../session/session";
import classes from "./Audit.module.css";

/** Shows the personal values behind an entry's commitments to those who may see them. Looking is an entry itself, so it is asked for. */
export function RevealBox({ entry }: { entry: Entry }) {
  const { may } = usePermissions();
  const reveal = useMutation({
    mutationFn: () => get("/api/v1/audit/{entry}", { path: { entry: String(entry.index) }, query: { reveal: true } }),
  });
  if (!may("audit.reveal")) return null;
  const revealed = reveal.data?.revealed;
  return (
    <Card component="section" aria-label="Personal values">
      <Stack gap="sm">
        <Title order={2}>Personal values</Title>
        {reveal.isError && <Failure error={reveal.error} />}
        {!revealed ? (
          <>
            <Text size="sm" c="dimmed">
              From which address, with which browser, about whom. That you looked is recorded.
            </Text>
            <Button variant="default" loading={reveal.isPending} onClick={() => reveal.mutate()}>
              Show them
            </Button>
          </>
        ) : revealed.length === 0 ? (
          <Text size="sm">There are none, or they were erased.</Text>
        ) : (
          <dl className={classes.values}>
            {revealed.map((item) => (
              <div key={item.pointer}>
                <dt>
                  <code>{item.pointer}</code>
                </dt>
                <dd>{typeof item.value === "string" ? item.value : JSON.stringify(item.value)}</dd>
              </div>
            ))}
          </dl>
        )}
      </Stack>
    </Card>
  );
}

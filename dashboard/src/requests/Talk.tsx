import { Box, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ChangeRequest } from "../api/queries";
import { useNames } from "../common/People";
import { Failure } from "../common/States";
import { Time } from "../common/Time";
import { usePermissions } from "../session/session";
import classes from "./Requests.module.css";
import { offersOf } from "./states";
import { useAct } from "./useAct";

const VOTES: Record<string, string> = { approve: "approved", reject: "rejected", request_changes: "requested changes" };

/** What people voted and said, one after the other. */
export function Talk({ request }: { request: ChangeRequest }) {
  const { me, may } = usePermissions();
  const act = useAct(request);
  const [text, setText] = useState("");
  const said = [
    ...request.votes.map((vote) => ({ by: vote.voter, for: vote.for, at: vote.at, text: vote.comment, vote: vote.vote })),
    ...request.comments.map((comment) => ({ by: comment.by, for: null, at: comment.at, text: comment.text, vote: null })),
  ].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const name = useNames(said.flatMap((item) => [item.by, ...(item.for ? [item.for] : [])]));
  const mayComment = me && offersOf(request, { subject: me.subject, may }).comment;
  // Words decide nothing, so they stand there at once; where they did not arrive they are in the field again.
  const sending = act.isPending ? act.variables.text.trim() : null;
  const comment = () => {
    setText("");
    act.mutate({ verb: "comment", text }, { onError: () => setText((typed) => typed || text) });
  };
  return (
    <Box>
      {said.length === 0 && !sending && (
        <Text size="sm" c="dimmed" mb="sm">
          Nobody has voted or said anything yet.
        </Text>
      )}
      <ul className={classes.talk}>
        {said.map((item, index) => (
          <li key={index} data-vote={item.vote ?? undefined}>
            <Text size="sm">
              <b>{name(item.by)}</b> {item.vote ? (VOTES[item.vote] ?? item.vote) : "said"}
              {item.for && ` for ${name(item.for)}`}{" "}
              <Text span size="xs" c="dimmed">
                <Time at={item.at} />
              </Text>
            </Text>
            {item.text && <Text size="sm">{item.text}</Text>}
          </li>
        ))}
        {sending && me && (
          <li data-sending>
            <Text size="sm">
              <b>{name(me.subject)}</b> said{" "}
              <Text span size="xs" c="dimmed">
                sending…
              </Text>
            </Text>
            <Text size="sm">{sending}</Text>
          </li>
        )}
      </ul>
      {mayComment && (
        <Stack gap="xs">
          <Textarea
            aria-label="Comment"
            placeholder="Say something"
            autosize
            minRows={2}
            maxLength={4_096}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {act.isError && <Failure error={act.error} />}
          <Group>
            <Button variant="default" size="xs" disabled={act.isPending || text.trim() === ""} onClick={comment}>
              Comment
            </Button>
          </Group>
        </Stack>
      )}
    </Box>
  );
}

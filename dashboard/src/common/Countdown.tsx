import { Progress, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { leftShare, leftText } from "./countdown";
import { exactly } from "./time";

const SECOND = 1_000;

/** The time of now, each second anew. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The time that is left until something happens by itself, in a line. */
export function Left({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactly(at)}>
      {leftText(at, now)}
    </time>
  );
}

/** The same, large, with how much of the span is left. */
export function Countdown({ from, at, label }: { from: string; at: string; label: string }) {
  const now = useNow();
  return (
    <>
      <Text role="timer" aria-label={label} fz={30} fw={640} lh={1.2}>
        <time dateTime={at}>{leftText(at, now)}</time>
      </Text>
      <Progress aria-label={`${label}: what is left of it`} value={leftShare(from, at, now) * 100} color="signal" size="sm" mt={6} />
    </>
  );
}

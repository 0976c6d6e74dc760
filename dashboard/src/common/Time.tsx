import { Tooltip } from "@mantine/core";
import { ago, clock, day, exactly, moment } from "./time";

/** A time as the reader thinks of it; the tooltip and the markup say exactly which, with its zone. */
export function Time({ at, form = "ago" }: { at: string; form?: "ago" | "day" | "moment" | "clock" }) {
  const text = form === "ago" ? ago(at) : form === "day" ? day(at) : form === "clock" ? clock(at) : moment(at);
  return (
    <Tooltip label={exactly(at)}>
      <time dateTime={at}>{text}</time>
    </Tooltip>
  );
}

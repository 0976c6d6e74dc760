import { ActionIcon, Group, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Icon } from "../common/Icon";
import { moment, zone } from "../common/time";
import { dayText, monthAfter, onDay, type Span, untilText, weeksOf } from "./freeze";
import classes from "./Policies.module.css";

const monthName = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const fullDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

/** A month with what is frozen in it, in the reader's zone. */
export function Calendar({ spans }: { spans: readonly Span[] }) {
  const today = dayText(new Date());
  const { month = today.slice(0, 7) } = useSearch({ from: "/shell/policies" });
  const navigate = useNavigate({ from: "/policies" });
  const go = (count: number) =>
    navigate({ search: (now) => ({ ...now, month: monthAfter(month, count) }), replace: true, resetScroll: false });
  const weeks = weeksOf(month);
  const name = monthName.format(new Date(`${month}-15T12:00:00`));
  return (
    <section aria-label="Calendar">
      <Group justify="space-between" mb={8}>
        <Title order={2}>{name}</Title>
        <Group gap={4}>
          <ActionIcon variant="default" size={32} aria-label="The month before" onClick={() => go(-1)}>
            <Icon name="left" />
          </ActionIcon>
          <ActionIcon variant="default" size={32} aria-label="The month after" onClick={() => go(1)}>
            <Icon name="right" />
          </ActionIcon>
        </Group>
      </Group>
      <table className={classes.calendar} aria-label={`Freezes in ${name}`}>
        <thead>
          <tr>
            {weeks[0]!.map((day) => (
              <th key={day.getTime()} scope="col">
                {weekday.format(day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]!.getTime()}>
              {week.map((day, index) => (
                <Day key={day.getTime()} day={day} isOutside={!dayText(day).startsWith(month)} isToday={dayText(day) === today} spans={onDay(spans, day)} beginsRow={index === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt={6}>
        In your zone, {zone()}. Of what comes again, the span of now and the next are drawn.
      </Text>
    </section>
  );
}

function Day({
  day,
  isOutside,
  isToday,
  spans,
  beginsRow,
}: {
  day: Date;
  isOutside: boolean;
  isToday: boolean;
  spans: ReturnType<typeof onDay>;
  beginsRow: boolean;
}) {
  return (
    <td data-outside={isOutside || undefined} data-today={isToday || undefined}>
      <span>
        <b aria-label={fullDay.format(day)}>{day.getDate()}</b>
      </span>
      {spans.map((span) => (
        <span
          key={span.freeze + span.from}
          className={classes.frozen}
          data-now={span.isNow || undefined}
          data-first={span.isFirst || undefined}
          data-last={span.isLast || undefined}
          title={`${span.name}: ${moment(span.from)} ${untilText(span.to)}`}
        >
          {span.isFirst || beginsRow ? span.name : <span className="visually-hidden">{span.name}</span>}
        </span>
      ))}
    </td>
  );
}

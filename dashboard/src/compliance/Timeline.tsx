import { Tooltip } from "@mantine/core";
import { day, moment } from "../common/time";
import classes from "./Compliance.module.css";
import { type Period, STATES, stateText } from "./question";

const MARKS = 5;

const DAY = 24 * 60 * 60 * 1000;

/** All periods on one line, each as wide as it was long; the list below says the same in words. */
export function Timeline({ periods }: { periods: readonly Period[] }) {
  const from = Date.parse(periods[0]!.from);
  const to = Date.parse(periods.at(-1)!.to);
  const span = Math.max(1, to - from);
  // Marks of one day would all read the same.
  const mark = span < (MARKS - 1) * DAY ? moment : day;
  const states = [...new Set(periods.map((period) => period.state))];
  return (
    <section aria-label="Timeline" className={classes.timeline}>
      <div className={classes.band}>
        {periods.map((period) => (
          <Tooltip key={period.from} label={`${stateText(period)}: ${moment(period.from)} to ${moment(period.to)}`}>
            <a
              href={`#p-${Date.parse(period.from)}`}
              className={classes.part}
              data-state={period.state}
              aria-label={`${stateText(period)}, ${moment(period.from)} to ${moment(period.to)}`}
              style={{
                flexGrow: (Date.parse(period.to) - Date.parse(period.from)) / span,
                ...(period.state === "partly" && typeof period.percent === "number" ? { "--share": `${Math.max(4, period.percent)}%` } : {}),
              }}
            />
          </Tooltip>
        ))}
      </div>
      <div className={classes.axis} aria-hidden>
        {Array.from({ length: MARKS }, (_, index) => (
          <span key={index}>{mark(new Date(from + (span * index) / (MARKS - 1)).toISOString())}</span>
        ))}
      </div>
      <ul className={classes.legend}>
        {states.map((state) => (
          <li key={state}>
            <i data-state={state} aria-hidden />
            {STATES[state]?.words ?? state}
          </li>
        ))}
      </ul>
    </section>
  );
}

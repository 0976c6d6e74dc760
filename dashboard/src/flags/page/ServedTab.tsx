import { Group, NativeSelect, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Environment, servedQuery } from "../../api/queries";
import { Empty, Failure, Rows } from "../../common/States";
import { moment, zone } from "../../common/time";
import { type Bar, barsOf, RANGES, type Range, scaleOf, totalsOf } from "./served";
import classes from "./ServedTab.module.css";

/** How often the flag was evaluated in an environment, and what it served, over time. */
export default function ServedTab({ project, flag, environments }: { project: string; flag: string; environments: readonly Environment[] }) {
  const { env, range = "day" } = useSearch({ from: "/shell/projects/$project/flags/$flag" });
  const navigate = useNavigate({ from: "/projects/$project/flags/$flag" });
  const environment = environments.find((item) => item.key === env)?.key ?? environments[0]?.key ?? "";
  const served = useQuery({ ...servedQuery(project, flag, environment, RANGES[range].hours), enabled: environment !== "" });
  const bars = useMemo(
    () => (served.data ? barsOf(served.data.hours, range, Date.parse(served.data.to)) : []),
    [served.data, range],
  );
  const totals = totalsOf(bars);
  const put = (part: { env?: string; range?: Range }) =>
    navigate({ search: (now) => ({ ...now, ...part }), replace: true, resetScroll: false });
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label="Environment"
          value={environment}
          data={environments.map((item) => ({ value: item.key, label: item.name || item.key }))}
          onChange={(event) => put({ env: event.currentTarget.value })}
        />
        <SegmentedControl
          aria-label="How far back"
          value={range}
          data={Object.entries(RANGES).map(([value, { label }]) => ({ value, label }))}
          onChange={(value) => put({ range: value as Range })}
        />
      </Group>
      {served.isError ? (
        <Failure error={served.error} retry={() => served.refetch()} />
      ) : served.isPending ? (
        <Rows count={1} height={240} />
      ) : totals.length === 0 ? (
        <Empty icon="play" title="Nobody asked for it">
          No program evaluated it in this environment in the last {RANGES[range].label}. Programs are counted as they ask; counts arrive within a minute.
        </Empty>
      ) : (
        <>
          <Legend totals={totals} />
          <Chart bars={bars} variants={totals.map((item) => item.variant)} range={range} />
          <Text size="xs" c="dimmed">
            Times are in your zone, {zone()}. The last bar is still growing.
          </Text>
          <Table bars={bars} variants={totals.map((item) => item.variant)} />
        </>
      )}
    </Stack>
  );
}

function Legend({ totals }: { totals: { variant: string; count: number }[] }) {
  const all = totals.reduce((sum, item) => sum + item.count, 0);
  return (
    <ul className={classes.legend} aria-label="Served">
      {totals.map(({ variant, count }, index) => (
        <li key={variant}>
          <i data-place={placeOf(index)} aria-hidden />
          <span className="key">{variant}</span>
          <b>{count.toLocaleString()}</b>
          <Text span size="xs" c="dimmed">
            {Number(((count / all) * 100).toFixed(1))} %
          </Text>
        </li>
      ))}
    </ul>
  );
}

const COLOURS = 6;
const MARKS = 5;
const placeOf = (index: number) => index % COLOURS;

function Chart({ bars, variants, range }: { bars: Bar[]; variants: string[]; range: Range }) {
  const top = scaleOf(bars);
  return (
    <figure className={classes.chart}>
      <div className={classes.scale} aria-hidden>
        <span>{top.toLocaleString()}</span>
        <span>{top >= 2 ? (top / 2).toLocaleString() : ""}</span>
        <span>0</span>
      </div>
      <div className={classes.bars} role="img" aria-label={`Evaluations over the last ${RANGES[range].label}; the table below has the numbers`}>
        {bars.map((bar) => (
          <div key={bar.from} className={classes.bar} title={titleOf(bar)}>
            {variants.map((variant, index) => {
              const count = bar.counts.get(variant);
              return count ? <i key={variant} data-place={placeOf(index)} style={{ height: `${(count / top) * 100}%` }} /> : null;
            })}
          </div>
        ))}
      </div>
      <div className={classes.axis} aria-hidden>
        {bars.map((bar, index) => (
          <span key={bar.from}>{index % Math.ceil(bars.length / MARKS) === 0 && markOf(bar, range)}</span>
        ))}
      </div>
    </figure>
  );
}

const titleOf = (bar: Bar) =>
  [moment(new Date(bar.from).toISOString()), ...[...bar.counts].map(([variant, count]) => `${variant}: ${count.toLocaleString()}`)].join("\n");

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const markOf = (bar: Bar, range: Range) => (range === "day" ? time : date).format(bar.from);

function Table({ bars, variants }: { bars: Bar[]; variants: string[] }) {
  const filled = bars.filter((bar) => bar.total > 0).toReversed();
  return (
    <details className={classes.numbers}>
      <summary>The numbers</summary>
      <div className={classes.frame} role="region" aria-label="Evaluations by time" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              {variants.map((variant) => (
                <th scope="col" key={variant} className="key">
                  {variant}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {filled.map((bar) => (
              <tr key={bar.from}>
                <th scope="row">{moment(new Date(bar.from).toISOString())}</th>
                {variants.map((variant) => (
                  <td key={variant}>{(bar.counts.get(variant) ?? 0).toLocaleString()}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

import { useMediaQuery } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type MouseEvent, useRef } from "react";
import type { Environment, Glance } from "../../api/queries";
import { day } from "../../common/time";
import { breakable } from "../../common/words";
import { HoistWords } from "../Hoist";
import classes from "./FlagsPage.module.css";
import { stateOf } from "./filter";

const ROW = 44;
const OVERSCAN = 8;

/** The rows that are in sight, whatever the length of the list; one column for each environment. */
export function FlagTable({ project, flags, environments }: { project: string; flags: Glance[]; environments: Environment[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const router = useRouter();
  // One listener for all rows: what a link component costs, times the rows that come into sight while one scrolls, would be felt.
  const open = (event: MouseEvent) => {
    const link = (event.target as HTMLElement).closest("a");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate({ href: link.getAttribute("href")! });
  };
  const isNarrow = useMediaQuery("(max-width: 860px)");
  const rows = useVirtualizer({
    count: flags.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    initialRect: { width: 1_000, height: 700 },
  });
  const columns = `minmax(${isNarrow ? 168 : 250}px, 1fr) repeat(${environments.length}, ${isNarrow ? 92 : 106}px) 100px`;
  return (
    <div ref={frame} className={classes.frame} tabIndex={0} role="region" aria-label="Flags">
      <div className={classes.grid} role="table" aria-rowcount={flags.length + 1} style={{ "--columns": columns } as never}>
        <div className={`${classes.row} ${classes.head}`} role="row" aria-rowindex={1}>
          <span role="columnheader" className={classes.name}>
            Flag
          </span>
          {environments.map((environment) => (
            <span role="columnheader" key={environment.key} className={classes.environment} title={`${environment.name} (${environment.type})`}>
              <i className={classes.dot} data-type={environment.type} aria-hidden />
              <span>{breakable(environment.name || environment.key)}</span>
            </span>
          ))}
          <span role="columnheader">Changed</span>
        </div>
        <div role="rowgroup" onClick={open} style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map((item) => (
            <Row
              key={flags[item.index]!.key}
              project={project}
              flag={flags[item.index]!}
              environments={environments}
              index={item.index}
              top={item.start}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const Row = memo(function Row({
  project,
  flag,
  environments,
  index,
  top,
}: {
  project: string;
  flag: Glance;
  environments: Environment[];
  index: number;
  top: number;
}) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${classes.row} ${classes.line}`}
      style={{ height: ROW, transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={`${classes.cell} ${classes.name}`}>
        <span className={classes.title}>
          <a href={`/projects/${encodeURIComponent(project)}/flags/${encodeURIComponent(flag.key)}`} className={classes.link}>
            {flag.key}
          </a>
          {flag.status !== "active" && (
            <span className={classes.status} data-status={flag.status}>
              {flag.status}
            </span>
          )}
        </span>
        <span className={classes.under}>{under(flag)}</span>
      </span>
      {environments.map((environment) => (
        <span role="cell" key={environment.key} className={classes.cell}>
          <HoistWords
            state={environment.enabled ? stateOf(flag, environment.key) : { kind: "off", share: 0, words: "off" }}
            where={environment.name || environment.key}
          />
        </span>
      ))}
      <span role="cell" className={`${classes.cell} ${classes.under}`}>
        <time dateTime={flag.updatedAt}>{day(flag.updatedAt)}</time>
      </span>
    </div>
  );
});

/** What else helps to tell a flag from others: its name where that is another, its owner, its tags. */
const under = (flag: Glance) =>
  [flag.name === flag.key ? "" : flag.name, flag.owner, ...flag.tags].filter((part) => part !== "").join(" · ");

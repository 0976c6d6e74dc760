import { useMediaQuery } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type MouseEvent, useRef } from "react";
import type { Environment, Glance } from "../../api/queries";
import { day } from "../../common/time";
import { breakable } from "../../common/words";
import { HoistWords } from "../Hoist";
import classes from "./FlagsPage.module.css";
import { choose } from "./bulk";
import { stateOf } from "./filter";

const ROW = 44;
const OVERSCAN = 8;

/** The rows that are in sight, whatever the length of the list; one column for each environment. */
export function FlagTable({
  project,
  flags,
  environments,
  chosen,
  onChoose,
}: {
  project: string;
  flags: Glance[];
  environments: Environment[];
  /** Rows that are chosen; without `onChoose` none can be. */
  chosen: ReadonlySet<string>;
  onChoose?: ((chosen: ReadonlySet<string>) => void) | undefined;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const router = useRouter();
  // By its key: filters move rows.
  const last = useRef<string | null>(null);
  const toggle = (index: number, withShift: boolean) => {
    const keys = flags.map((flag) => flag.key);
    const anchor = last.current === null ? -1 : keys.indexOf(last.current);
    onChoose?.(choose(chosen, keys, index, anchor < 0 ? null : anchor, withShift));
    last.current = keys[index] ?? null;
  };
  const indexOf = (target: EventTarget) => Number((target as HTMLElement).closest<HTMLElement>("[data-index]")?.dataset.index ?? -1);
  // One listener for all rows: what a link component costs, times the rows that come into sight while one scrolls, would be felt.
  const open = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("label")) {
      // A click on the label comes again as one on its box: that one counts.
      if (event.target instanceof HTMLInputElement) toggle(indexOf(event.target), event.shiftKey);
      return;
    }
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
  // Up and down lead from row to row, though most rows are not in the document; x chooses one.
  const press = (event: KeyboardEvent) => {
    const index = indexOf(event.target);
    if (index < 0 || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = index + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0 || next >= flags.length) return;
      event.preventDefault();
      if (event.shiftKey && onChoose) {
        onChoose(new Set([...chosen, flags[index]!.key, flags[next]!.key]));
        last.current = flags[next]!.key;
      }
      rows.scrollToIndex(next, { align: "auto" });
      requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus());
    } else if (event.key === "x" && onChoose) {
      event.preventDefault();
      toggle(index, event.shiftKey);
    } else if (event.key === "Escape" && chosen.size > 0) {
      onChoose?.(new Set());
    }
  };
  const shown = flags.filter((flag) => chosen.has(flag.key)).length;
  const columns = `${onChoose ? "34px " : ""}minmax(${isNarrow ? 168 : 244}px, 1fr) repeat(${environments.length}, ${isNarrow ? 92 : 102}px) 100px`;
  return (
    <div ref={frame} className={classes.frame} data-picks={onChoose ? true : undefined} data-chosen={chosen.size > 0 || undefined} tabIndex={0} role="region" aria-label="Flags">
      <div className={classes.grid} role="table" aria-rowcount={flags.length + 1} style={{ "--columns": columns } as never}>
        <div className={`${classes.row} ${classes.head}`} role="row" aria-rowindex={1}>
          {onChoose && (
            <span role="columnheader" className={classes.pick}>
              <label>
                <input
                  type="checkbox"
                  aria-label="Choose all that are shown"
                  checked={shown === flags.length}
                  ref={(box) => {
                    if (box) box.indeterminate = shown > 0 && shown < flags.length;
                  }}
                  onChange={() => {
                    const others = [...chosen].filter((key) => !flags.some((flag) => flag.key === key));
                    onChoose(new Set(shown === flags.length ? others : [...others, ...flags.map((flag) => flag.key)]));
                  }}
                />
              </label>
            </span>
          )}
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
        <div role="rowgroup" onClick={open} onKeyDown={press} style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map((item) => (
            <Row
              key={flags[item.index]!.key}
              project={project}
              flag={flags[item.index]!}
              environments={environments}
              index={item.index}
              isChosen={onChoose ? chosen.has(flags[item.index]!.key) : null}
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
  isChosen,
  top,
}: {
  project: string;
  flag: Glance;
  environments: Environment[];
  index: number;
  /** Null where rows cannot be chosen. */
  isChosen: boolean | null;
  top: number;
}) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-chosen={isChosen || undefined}
      className={`${classes.row} ${classes.line}`}
      style={{ height: ROW, transform: `translateY(${top}px)` }}
    >
      {isChosen !== null && (
        <span role="cell" className={classes.pick}>
          <label>
            <input type="checkbox" aria-label={`Choose ${flag.key}`} checked={isChosen} readOnly />
          </label>
        </span>
      )}
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

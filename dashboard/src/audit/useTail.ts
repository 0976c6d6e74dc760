import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "../api/client";
import { ProblemError } from "../api/problem";
import type { AuditFilter, Entry } from "../api/queries";
import { BEGINNING, idle, isLook, looked, mayHaveMore, merged, SHORTEST, type Tail, WITHOUT_SIZE } from "./tail";

const PAGE = 100;
const MOST_PAGES = 10;
const AT_THE_TOP = 120;

/** What has come since, the newest first: shown at once to who is at the top of the page, else held until they ask for it. */
export type Following = { shown: Entry[]; held: Entry[]; show: () => void; error: unknown };

/** Follows the log while it is on: entries that fit the filter and are newer than the newest there. */
export function useTail(filter: AuditFilter, isOn: boolean, newest: number | undefined): Following {
  const [shown, setShown] = useState<Entry[]>([]);
  const [held, setHeld] = useState<Entry[]>([]);
  const [error, setError] = useState<unknown>(null);
  const top = useRef(-1);
  top.current = Math.max(top.current, newest ?? -1);
  const question = JSON.stringify(filter);

  useEffect(() => {
    // Another filter is another list.
    setShown([]);
    setHeld([]);
    top.current = -1;
  }, [question]);

  const isReady = newest !== undefined;
  useEffect(() => {
    if (!isOn || !isReady) return;
    const stopped = new AbortController();
    let timer = 0;
    let tail: Tail = BEGINNING;
    let canAskSize = true;
    const isAskedFor = Boolean((JSON.parse(question) as AuditFilter).action);

    const sizeNow = async () => Number((await get("/api/v1/ledger/status", { signal: stopped.signal })).size);
    const look = async () => {
      const fresh: Entry[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await get("/api/v1/audit", { query: { ...(JSON.parse(question) as AuditFilter), limit: PAGE, cursor }, signal: stopped.signal });
        pages++;
        const later = page.items.filter((entry) => entry.index > top.current);
        fresh.push(...later);
        cursor = later.length === page.items.length ? (page.next ?? undefined) : undefined;
      } while (cursor && pages < MOST_PAGES);
      return { fresh, pages };
    };
    const bring = (entries: Entry[]) => {
      if (entries[0]) top.current = Math.max(top.current, entries[0].index);
      const news = entries.filter((entry) => !isLook(entry) || isAskedFor);
      if (news.length === 0) return false;
      if (scrollY <= AT_THE_TOP) setShown((before) => merged(news, before));
      else setHeld((before) => merged(news, before));
      return true;
    };
    const round = async (): Promise<number> => {
      if (document.hidden) return SHORTEST;
      if (!canAskSize) {
        bring((await look()).fresh);
        return WITHOUT_SIZE;
      }
      let size: number;
      try {
        size = await sizeNow();
      } catch (problem) {
        // Who may read the log of some projects alone is not told of the whole.
        if (!(problem instanceof ProblemError) || problem.status !== 403) throw problem;
        canAskSize = false;
        return 0;
      }
      if (!mayHaveMore(tail, size)) {
        tail = idle(tail);
      } else {
        const { fresh, pages } = await look();
        const hasNews = bring(fresh);
        tail = looked(tail, size, await sizeNow(), pages, hasNews);
      }
      return tail.wait;
    };
    const go = async () => {
      let wait: number;
      try {
        wait = await round();
        setError(null);
      } catch (problem) {
        if (stopped.signal.aborted) return;
        setError(problem);
        wait = WITHOUT_SIZE;
      }
      if (!stopped.signal.aborted) timer = window.setTimeout(() => void go(), wait);
    };
    void go();
    return () => {
      stopped.abort();
      window.clearTimeout(timer);
    };
  }, [isOn, isReady, question]);

  const show = useCallback(() => {
    setShown((before) => merged(held, before));
    setHeld([]);
    window.scrollTo({ top: 0 });
  }, [held]);
  return { shown, held, show, error };
}

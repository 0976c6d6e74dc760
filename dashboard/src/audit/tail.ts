import type { Entry } from "../api/queries";

/**
 * How the log is followed. Its size may be asked for without a trace, but reading entries is an entry itself: so it is read only where
 * there is more than what was read and the own looks at it, and ever more seldom where that was only somebody else who reads, lest two
 * who follow keep each other at it for ever.
 */
export type Tail = {
  /** The log's size before the last look: all entries below were seen. */
  size: number;
  /** How many entries beyond that are the own looks. */
  own: number;
  /** How long to wait until the next round, in milliseconds. */
  wait: number;
};

export const SHORTEST = 2_500;
export const LONGEST = 60_000;

/** Where the log's size is not told to somebody, each round is a look. */
export const WITHOUT_SIZE = 15_000;

export const BEGINNING: Tail = { size: -1, own: 0, wait: 0 };

export const mayHaveMore = (tail: Tail, size: number) => size > tail.size + tail.own;

/** After a round in which nothing had come: the wait stays what it was, for asking for the size is cheap. */
export const idle = (tail: Tail): Tail => ({ ...tail, wait: tail.wait || SHORTEST });

/**
 * After a look.
 *
 * @param before the log's size before it
 * @param after the log's size after it: the same where looks are not recorded
 * @param looks how many requests it took
 * @param hasNews whether it brought anything but others' looks
 */
export const looked = (tail: Tail, before: number, after: number, looks: number, hasNews: boolean): Tail => ({
  size: before,
  own: after - before >= looks ? looks : 0,
  wait: hasNews || tail.size < 0 ? SHORTEST : Math.min(LONGEST, Math.max(SHORTEST, tail.wait) * 2),
});

/** Reads of the log, which a live view of it leaves out: else it would show itself looking. */
export const isLook = (entry: Pick<Entry, "type">) => entry.type === "log.viewed";

/** Entries that came later on top of those that are there, each once, the newest first. */
export function merged(later: readonly Entry[], before: readonly Entry[]): Entry[] {
  const known = new Set(before.map((entry) => entry.index));
  return [...later.filter((entry) => !known.has(entry.index)), ...before];
}

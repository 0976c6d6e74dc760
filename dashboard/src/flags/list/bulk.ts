import type { Glance } from "../../api/queries";
import { type Operation, same } from "../../changes/operations";

/** What can be done to many flags in one change. */
export type BulkAct = "on" | "off" | "add-tags" | "remove-tags" | "owner" | "archive";

/** What it takes besides. */
export type BulkChoice = { environment: string; tags: readonly string[]; owner: string };

/** The most flags that one change may touch (docs/change-requests.md). */
export const MOST = 20;

/** One operation for each flag that is not so already, on the revision that was on the screen. */
export function bulkOperations(act: BulkAct, flags: readonly Glance[], choice: BulkChoice): Operation[] {
  return flags.flatMap((flag) => {
    const operation = operationOf(act, flag, choice);
    return operation ? [{ ...operation, flag: flag.key, baseRevision: flag.revision }] : [];
  });
}

function operationOf(act: BulkAct, flag: Glance, { environment, tags, owner }: BulkChoice): Operation | null {
  switch (act) {
    case "on":
    case "off": {
      const enabled = act === "on";
      return !environment || enabled === (flag.on[environment] !== undefined) ? null : { op: "setEnabled", environment, enabled };
    }
    case "add-tags":
    case "remove-tags": {
      const after = act === "add-tags" ? [...new Set([...flag.tags, ...tags])].toSorted() : flag.tags.filter((tag) => !tags.includes(tag));
      return same(after.toSorted(), flag.tags.toSorted()) ? null : { op: "updateFlag", tags: after };
    }
    case "owner":
      return owner.trim() === "" || owner.trim() === flag.owner ? null : { op: "updateFlag", owner: owner.trim() };
    case "archive":
      return flag.status === "archived" ? null : { op: "setStatus", status: "archived" };
  }
}

/**
 * What is chosen after a row was: with Shift all from the row before to this one, as that one was put; else this one alone.
 */
export function choose(
  chosen: ReadonlySet<string>,
  keys: readonly string[],
  index: number,
  before: number | null,
  withShift: boolean,
): ReadonlySet<string> {
  const next = new Set(chosen);
  const key = keys[index]!;
  if (!withShift || before === null) {
    if (!next.delete(key)) next.add(key);
    return next;
  }
  const isIn = chosen.has(keys[before]!);
  const [first, last] = before < index ? [before, index] : [index, before];
  for (const between of keys.slice(first, last + 1)) {
    if (isIn) next.add(between);
    else next.delete(between);
  }
  return next;
}

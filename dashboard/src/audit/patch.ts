/** One step of the patch in a leaf: RFC 6902 with the old value beside it. */
export type PatchStep = { op: string; path: string; value?: unknown; was?: unknown; from?: string };

export type Line = { where: string; was: unknown; is: unknown };

/** Members that the server keeps for itself and nobody needs to read twice. */
const BOOKKEEPING = new Set(["changedIn", "environmentId", "id"]);

const MOST_LEAVES = 60;

/** A patch as lines that can be read: where, what was, what is. Whole objects are opened, so that each line is one value. */
export function linesOf(patch: readonly PatchStep[]): Line[] {
  return patch.flatMap((step) => {
    const where = pointerWords(step.path);
    if (BOOKKEEPING.has(where.at(-1) ?? "")) return [];
    const was = step.op === "add" ? undefined : step.was;
    const is = step.op === "remove" ? undefined : step.value;
    return open(where, was, is).slice(0, MOST_LEAVES);
  });
}

function open(where: string[], was: unknown, is: unknown): Line[] {
  const sample = is ?? was;
  // A list of plain values is one value; a commitment ({"$c": …}) too.
  if (!isOpenable(sample) || (was !== undefined && is !== undefined)) return [{ where: where.join(" › "), was, is }];
  const names = Object.keys(sample as object).filter((name) => !BOOKKEEPING.has(name));
  const lines = names.flatMap((name) =>
    open([...where, name], (was as Record<string, unknown> | undefined)?.[name], (is as Record<string, unknown> | undefined)?.[name]),
  );
  return lines.filter((line) => !isEmpty(line.is ?? line.was));
}

const isOpenable = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !("$c" in value) && Object.keys(value).length > 0;

const isEmpty = (value: unknown) => value === "" || (Array.isArray(value) && value.length === 0);

/** A JSON Pointer (RFC 6901) as words. */
export const pointerWords = (pointer: string) =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** A value as it is read: a commitment is a value that the log does not show. */
export function words(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "object" && value !== null && "$c" in value) return "(a personal value)";
  return typeof value === "string" ? value : JSON.stringify(value);
}

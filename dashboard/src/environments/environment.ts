import type { Environment } from "../api/queries";
import type { Operation } from "../changes/operations";

export const TYPES = [
  { value: "development", label: "Development" },
  { value: "staging", label: "Staging" },
  { value: "production", label: "Production: changes must say why" },
];

export type EnvironmentDetails = { name: string; type: string };

/** What leads from an environment's description to another. */
export function detailOperations(before: Environment, after: EnvironmentDetails): Operation[] {
  const changed = (["name", "type"] as const).filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return [];
  return [
    {
      op: "updateEnvironment",
      environment: before.key,
      baseRevision: before.revision,
      ...Object.fromEntries(changed.map((name) => [name, after[name]])),
    },
  ];
}

/**
 * What puts an environment one place further on (1) or back (-1): those whose place differs get it anew, so that environments which
 * shared a place part.
 */
export function moveOperations(environments: readonly Environment[], key: string, by: 1 | -1): Operation[] {
  const order = [...environments];
  const from = order.findIndex((item) => item.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return [];
  order.splice(to, 0, ...order.splice(from, 1));
  return order.flatMap((item, index) =>
    item.order === index ? [] : [{ op: "updateEnvironment", environment: item.key, baseRevision: item.revision, order: index }],
  );
}

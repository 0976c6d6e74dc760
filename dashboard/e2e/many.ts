import { api, type World } from "./world";

export const FLAGS = 5_000;
const IN_ONE_CHANGE = 20;
const AT_ONCE = 4;

/** A project of thousands of flags in three environments; made once, by whichever test wants it first. */
export async function manyFlags(world: World) {
  const { items } = (await api(world, "GET", "/projects?limit=1000")) as { items: { key: string }[] };
  if (items.some((project) => project.key === "many")) return;
  await api(world, "POST", "/projects", { key: "many", name: "Many flags" });
  for (const [key, type] of [["dev", "development"], ["staging", "staging"], ["production", "production"]])
    await api(world, "POST", "/projects/many/environments", { key, name: key, type, reason: "test" });
  const changes = Array.from({ length: FLAGS / IN_ONE_CHANGE }, (_, change) => ({
    reason: "test",
    operations: Array.from({ length: IN_ONE_CHANGE }, (_, index) => {
      const number = change * IN_ONE_CHANGE + index;
      return {
        op: "createFlag",
        flag: `flag-${String(number).padStart(4, "0")}`,
        owner: `team-${number % 12}`,
        tags: [`area-${number % 30}`],
        status: "draft",
      };
    }),
  }));
  const work = changes.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const change of work) await api(world, "POST", "/projects/many/changes", change);
    }),
  );
}

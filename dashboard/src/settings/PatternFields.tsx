import { MultiSelect, SimpleGrid, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../api/queries";
import { KINDS } from "../flags/list/filter";
import { ENVIRONMENT_TYPES, LIMITS, type Pattern } from "./pattern";

/** Where something counts: every field that is filled narrows. */
export function PatternFields({ value, onChange }: { value: Pattern; onChange: (pattern: Pattern) => void }) {
  const { data: projects = [] } = useQuery(projectsQuery);
  const known: Partial<Record<keyof Pattern, string[]>> = {
    projects: projects.map((project) => project.key),
    environmentTypes: ENVIRONMENT_TYPES,
    kinds: [...KINDS],
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {LIMITS.map(({ name, label }) => {
        const of = {
          label,
          placeholder: value[name]?.length ? "" : "any",
          value: [...(value[name] ?? [])],
          onChange: (values: string[]) => onChange({ ...value, [name]: values }),
        };
        return known[name] ? <MultiSelect key={name} {...of} data={[...new Set([...known[name], ...of.value])]} searchable /> : <TagsInput key={name} {...of} acceptValueOnBlur />;
      })}
    </SimpleGrid>
  );
}

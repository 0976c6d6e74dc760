import { Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { PatchStep } from "../audit/patch";
import { PatchView } from "../audit/PatchView";
import type { Preview } from "../api/queries";
import { Icon } from "../common/Icon";
import classes from "./DiffList.module.css";

/** Where a change is of several things: each, with how its document would change. */
export function ResourceList({ resources }: { resources: Preview["resources"] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <ul className={classes.resources} aria-label="One by one">
      {resources.map((resource) => {
        const name = `${resource.kind} ${resource.key}`;
        const isOpen = open === name;
        return (
          <li key={name}>
            <UnstyledButton className={classes.resource} aria-expanded={isOpen} onClick={() => setOpen(isOpen ? null : name)}>
              <span className="key">{resource.key}</span>
              <Text span size="xs" c="dimmed">
                {resource.revisionFrom === 0 ? "new" : `revision ${resource.revisionFrom} → ${resource.revisionTo}`}
              </Text>
              <Icon name={isOpen ? "up" : "down"} size={14} />
            </UnstyledButton>
            {isOpen && <PatchView patch={(Array.isArray(resource.patch) ? resource.patch : []) as PatchStep[]} />}
          </li>
        );
      })}
    </ul>
  );
}

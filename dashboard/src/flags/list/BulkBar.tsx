import { Button, Group, Menu, Text } from "@mantine/core";
import { useState } from "react";
import type { Environment, Glance } from "../../api/queries";
import { FootBar, LetGo } from "../../common/FootBar";
import { Icon, type IconName } from "../../common/Icon";
import { usePermissions } from "../../session/session";
import { type BulkAct, MOST } from "./bulk";
import BulkReview from "./BulkReview";

const ACTS: { act: BulkAct; label: string; icon: IconName; action: string }[] = [
  { act: "on", label: "Switch on", icon: "play", action: "flag.enabled" },
  { act: "off", label: "Switch off", icon: "minus", action: "flag.disabled" },
  { act: "add-tags", label: "Add tags", icon: "plus", action: "flag.updated" },
  { act: "remove-tags", label: "Remove tags", icon: "cross", action: "flag.updated" },
  { act: "owner", label: "Set the owner", icon: "users", action: "flag.updated" },
  { act: "archive", label: "Archive", icon: "layers", action: "flag.archived" },
];

/** Stands at the foot of the list while rows are chosen: how many, and what can be done to all of them in one change. */
export default function BulkBar({
  project,
  flags,
  environments,
  hidden,
  clear,
}: {
  project: string;
  flags: readonly Glance[];
  environments: readonly Environment[];
  /** How many of them the filter does not show. */
  hidden: number;
  clear: () => void;
}) {
  const { mayPropose } = usePermissions();
  const [act, setAct] = useState<BulkAct | null>(null);
  const isTooMany = flags.length > MOST;
  return (
    <FootBar label="Chosen flags" widest={520}>
      <Text size="sm" role="status">
        <b>{flags.length === 1 ? "1 flag" : `${flags.length} flags`}</b>
        {hidden > 0 && `, ${hidden} not shown`}
        {isTooMany && `: one change holds at most ${MOST}`}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <LetGo onClick={clear}>Clear</LetGo>
        <Menu position="top-end" width={210}>
          <Menu.Target>
            <Button disabled={isTooMany} rightSection={<Icon name="up" size={14} />}>
              Change
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {ACTS.filter((item) => mayPropose(item.action)).map((item) => (
              <Menu.Item key={item.act} leftSection={<Icon name={item.icon} size={16} />} onClick={() => setAct(item.act)}>
                {item.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {act && (
        <BulkReview
          project={project}
          act={act}
          flags={flags}
          environments={environments}
          close={() => setAct(null)}
          done={() => {
            setAct(null);
            clear();
          }}
        />
      )}
    </FootBar>
  );
}

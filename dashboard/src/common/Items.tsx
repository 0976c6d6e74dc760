import { ActionIcon, Menu } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import classes from "./Items.module.css";

/** Things one under the other, each with what it is, what describes it, its state and what can be done to it. */
export function Items({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  );
}

export function Item({
  title,
  mono = false,
  about,
  state,
  acts,
  dimmed = false,
}: {
  title: ReactNode;
  mono?: boolean;
  about?: ReactNode;
  state?: ReactNode;
  acts?: ReactNode;
  dimmed?: boolean;
}) {
  return (
    <li className={classes.item} data-dimmed={dimmed || undefined}>
      <div className={classes.what}>
        <div className={`${classes.title} ${mono ? "key" : ""}`}>{title}</div>
        {about && <div className={classes.about}>{about}</div>}
      </div>
      <div className={classes.state}>{state}</div>
      {acts}
    </li>
  );
}

export type ItemAct = { label: string; icon: IconName; danger?: boolean; go: () => void };

/** What can be done to one thing; nothing where there is nothing. */
export function Acts({ label, acts }: { label: string; acts: (ItemAct | false)[] }) {
  const offered = acts.filter((act) => act !== false);
  if (offered.length === 0) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon size={30} aria-label={`What can be done to ${label}`}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map((act) => (
          <Menu.Item key={act.label} leftSection={<Icon name={act.icon} size={16} />} onClick={act.go} {...(act.danger ? { color: "flare" } : {})}>
            {act.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

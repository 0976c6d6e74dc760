import { Tabs } from "@mantine/core";
import type { ComponentType, LazyExoticComponent } from "react";
import { Suspense } from "react";
import { usePermissions } from "../session/session";
import type { IconName } from "./Icon";
import { PageHeader } from "./PageHeader";
import { Empty, Rows } from "./States";
import { useTabInSight } from "./useTabInSight";

type Part<T extends string> = { tab: T; label: string; action: string };

/** A page of several sections, each behind a tab: those that one may see, the first of them where the address names none. */
export function Sections<T extends string>({
  title,
  icon,
  parts,
  content,
  tab,
  onTab,
}: {
  title: string;
  /** Of what is said to whoever may see none of them. */
  icon: IconName;
  parts: readonly Part<T>[];
  content: Record<T, LazyExoticComponent<ComponentType>>;
  tab: T | undefined;
  onTab: (tab: T) => void;
}) {
  const { me, may } = usePermissions();
  const seen = parts.filter((part) => may(part.action));
  const chosen = seen.find((part) => part.tab === (tab ?? seen[0]?.tab));
  const list = useTabInSight(chosen?.tab);
  if (!me) return <Rows count={6} />;
  return (
    <>
      <PageHeader title={title} />
      {chosen ? (
        <Tabs value={chosen.tab} onChange={(value) => onTab(value as T)} keepMounted={false}>
          <Tabs.List mb="lg" ref={list}>
            {seen.map((part) => (
              <Tabs.Tab key={part.tab} value={part.tab}>
                {part.label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {seen.map((part) => {
            const Content: ComponentType = content[part.tab];
            return (
              <Tabs.Panel key={part.tab} value={part.tab}>
                <Suspense fallback={<Rows count={6} height={54} />}>
                  <Content />
                </Suspense>
              </Tabs.Panel>
            );
          })}
        </Tabs>
      ) : (
        <Empty icon={icon} title="Not for your roles">
          Nothing here may be seen with them. An administrator can give you another.
        </Empty>
      )}
    </>
  );
}

import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { PageHeader } from "../common/PageHeader";
import { Empty, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import type { SettingsTab } from "../shell/router";
import { SETTINGS } from "./sections";

const SECTIONS = {
  users: lazy(() => import("./Users")),
  "service-accounts": lazy(() => import("./ServiceAccounts")),
  assignments: lazy(() => import("./Assignments")),
  roles: lazy(() => import("./Roles")),
  tokens: lazy(() => import("./Tokens")),
  sinks: lazy(() => import("./Sinks")),
  retention: lazy(() => import("./RetentionAndHolds")),
  "log-in": lazy(() => import("./LogInWays")),
};

/** What belongs to the organisation: who may do what, credentials, where the log goes and how long it stays. */
export function SettingsPage() {
  const { tab } = useSearch({ from: "/shell/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const { me, may } = usePermissions();
  const seen = SETTINGS.filter((section) => may(section.action));
  const chosen = tab ?? seen[0]?.tab;
  if (!me) return <Rows count={6} />;
  return (
    <>
      <PageHeader title="Settings" />
      {!chosen || !seen.some((section) => section.tab === chosen) ? (
        <Empty icon="shield" title="Not for your roles">
          Nothing here may be seen with them. An administrator can give you another.
        </Empty>
      ) : (
        <Tabs value={chosen} onChange={(value) => navigate({ search: { tab: value as SettingsTab } })} keepMounted={false}>
          <Tabs.List mb="lg">
            {seen.map((section) => (
              <Tabs.Tab key={section.tab} value={section.tab}>
                {section.label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {seen.map((section) => {
            const Section = SECTIONS[section.tab];
            return (
              <Tabs.Panel key={section.tab} value={section.tab}>
                <Suspense fallback={<Rows count={6} height={54} />}>
                  <Section />
                </Suspense>
              </Tabs.Panel>
            );
          })}
        </Tabs>
      )}
    </>
  );
}

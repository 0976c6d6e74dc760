import { Spotlight } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { glancesQuery, projectsQuery } from "../api/queries";
import { Icon, type IconName } from "../common/Icon";
import { usePermissions } from "../session/session";
import { matches } from "../flags/list/filter";
import { POLICIES } from "../policies/sections";
import { SETTINGS } from "../settings/sections";
import { paletteStore } from "./palette-store";
import { useProject } from "./Rail";

const MOST_FLAGS = 12;
const MOST_URGENT = 3;

type Action = { id: string; icon: IconName; label: string; description?: string; go: () => void };

/** Everything reachable by a few letters: pages, projects, flags. */
export default function Palette() {
  const [query, setQuery] = useState("");
  const project = useProject();
  const navigate = useNavigate();
  const { may, mayPropose } = usePermissions();
  const { data: projects = [] } = useQuery(projectsQuery);
  const { data: flags = [] } = useQuery({ ...glancesQuery(project ?? ""), enabled: project !== undefined && may("flag.read") });
  const text = query.trim().toLowerCase();

  const offered: (Action | false | undefined)[] = [
    { id: "home", icon: "home", label: "Home", go: () => void navigate({ to: "/" }) },
    project !== undefined && {
      id: "flags",
      icon: "flag",
      label: "Flags",
      description: project,
      go: () => void navigate({ to: "/projects/$project/flags", params: { project }, search: {} }),
    },
    project !== undefined &&
      mayPropose("flag.created") && {
        id: "new",
        icon: "plus",
        label: "Create a flag",
        description: project,
        go: () => void navigate({ to: "/projects/$project/flags", params: { project }, search: { create: true } }),
      },
    may("change-request.read") && {
      id: "requests",
      icon: "inbox",
      label: "Change requests",
      go: () => void navigate({ to: "/requests", search: {} }),
    },
    may("audit.read") && { id: "audit", icon: "log", label: "Audit log", go: () => void navigate({ to: "/audit", search: {} }) },
    project !== undefined &&
      may("segment.read") && {
        id: "segments",
        icon: "segment",
        label: "Segments",
        description: project,
        go: () => void navigate({ to: "/projects/$project/segments", params: { project }, search: {} }),
      },
    project !== undefined &&
      may("environment.read") && {
        id: "environments",
        icon: "layers",
        label: "Environments and SDK keys",
        description: project,
        go: () => void navigate({ to: "/projects/$project/environments", params: { project }, search: {} }),
      },
    project !== undefined &&
      may("flag.read") &&
      may("environment.read") && {
        id: "promotion",
        icon: "promote",
        label: "Promotion",
        description: project,
        go: () => void navigate({ to: "/projects/$project/promotion", params: { project }, search: {} }),
      },
    project !== undefined &&
      may("audit.read") && {
        id: "compliance",
        icon: "shield",
        label: "Compliance report",
        description: project,
        go: () => void navigate({ to: "/projects/$project/compliance", params: { project }, search: {} }),
      },
    may("bypass.read") && {
      id: "emergency",
      icon: "bolt",
      label: "Emergency",
      description: "What passed approvals by",
      go: () => void navigate({ to: "/emergency", search: {} }),
    },
    ...POLICIES.filter((section) => may(section.action)).map(
      (section): Action => ({
        id: `g ${section.tab}`,
        icon: "scales",
        label: section.label,
        description: "Policies",
        go: () => void navigate({ to: "/policies", search: { tab: section.tab } }),
      }),
    ),
    ...SETTINGS.filter((section) => may(section.action)).map(
      (section): Action => ({
        id: `s ${section.tab}`,
        icon: "settings",
        label: section.label,
        description: "Settings",
        go: () => void navigate({ to: "/settings", search: { tab: section.tab } }),
      }),
    ),
    ...projects
      .filter((item) => item.key !== project)
      .map((item): Action => ({
        id: `p ${item.key}`,
        icon: "layers",
        label: item.name || item.key,
        description: "Project",
        go: () => void navigate({ to: "/projects/$project/flags", params: { project: item.key }, search: {} }),
      })),
  ];
  const places = offered.filter((action) => action !== false && action !== undefined).filter((action) => action.label.toLowerCase().includes(text));

  const found = text
    ? flags
        .filter((flag) => matches(flag, { q: text }))
        .slice(0, MOST_FLAGS)
        .map((flag): Action => ({
          id: `f ${flag.key}`,
          icon: "flag",
          label: flag.key,
          description: flag.name === flag.key ? flag.owner : flag.name,
          go: () =>
            void navigate({ to: "/projects/$project/flags/$flag", params: { project: project!, flag: flag.key }, search: {} }),
        }))
    : [];

  // In an emergency a flag is two steps away: its name, and this.
  const urgent = may("flag.bypass")
    ? found.slice(0, MOST_URGENT).map((flag): Action => ({
        id: `e ${flag.id}`,
        icon: "bolt",
        label: `Emergency: ${flag.label}`,
        description: "Change it without approvals, in an incident",
        go: () =>
          void navigate({ to: "/projects/$project/flags/$flag", params: { project: project!, flag: flag.label }, search: { emergency: true } }),
      }))
    : [];

  return (
    <Spotlight.Root store={paletteStore} query={query} onQueryChange={setQuery} shortcut={null} maxHeight={440} scrollable>
      <Spotlight.Search placeholder="A flag, a page…" aria-label="Search or go to" leftSection={<Icon name="search" />} />
      <Spotlight.ActionsList>
        <Group label="Flags" actions={found} />
        <Group label="Emergency" actions={urgent} />
        <Group label="Go to" actions={places} />
        {found.length + places.length === 0 && <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Group({ label, actions }: { label: string; actions: Action[] }) {
  if (actions.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={label}>
      {actions.map((action) => (
        <Spotlight.Action
          key={action.id}
          label={action.label}
          description={action.description}
          leftSection={<Icon name={action.icon} />}
          onClick={action.go}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}

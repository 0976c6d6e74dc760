import { Menu, NativeSelect, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { projectsQuery } from "../api/queries";
import { Icon, type IconName } from "../common/Icon";
import { POLICIES } from "../policies/sections";
import { logOut, sessionQuery, usePermissions } from "../session/session";
import { SETTINGS } from "../settings/sections";
import classes from "./Rail.module.css";
import { openPalette } from "./palette-store";
import { Wordmark } from "./Wordmark";

const OwnPassword = lazy(() => import("../session/OwnPassword"));

const LAST_PROJECT = "halyard.project";

/** The project of the page, else the one last looked at, else the first. */
export function useProject(): string | undefined {
  const { project } = useParams({ strict: false });
  const { data: projects } = useQuery(projectsQuery);
  useEffect(() => {
    if (project) localStorage.setItem(LAST_PROJECT, project);
  }, [project]);
  if (project) return project;
  const last = localStorage.getItem(LAST_PROJECT);
  return projects?.find((item) => item.key === last)?.key ?? projects?.[0]?.key;
}

/** Where one can go, and who one is. What one may not see is not offered. */
export function Rail() {
  const project = useProject();
  const { may } = usePermissions();
  return (
    <nav className={classes.rail} aria-label="Main">
      <Link to="/" className={classes.home}>
        <Wordmark light />
      </Link>
      <UnstyledButton className={classes.search} onClick={openPalette}>
        <Icon name="search" size={16} />
        <span>Search or go to…</span>
        <kbd>{navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl"} K</kbd>
      </UnstyledButton>
      <Projects selected={project} />
      {project && may("flag.read") && (
        <Item to="/projects/$project/flags" params={{ project }} icon="flag" label="Flags" />
      )}
      {project && may("segment.read") && <Item to="/projects/$project/segments" params={{ project }} icon="segment" label="Segments" />}
      {project && may("environment.read") && (
        <Item to="/projects/$project/environments" params={{ project }} icon="layers" label="Environments" />
      )}
      {project && may("flag.read") && may("environment.read") && (
        <Item to="/projects/$project/promotion" params={{ project }} icon="promote" label="Promotion" />
      )}
      <p className={classes.section}>Governance</p>
      {may("change-request.read") && <Item to="/requests" icon="inbox" label="Change requests" />}
      {may("bypass.read") && <Item to="/emergency" icon="bolt" label="Emergency" />}
      {may("audit.read") && <Item to="/audit" icon="log" label="Audit log" />}
      {project && may("audit.read") && <Item to="/projects/$project/compliance" params={{ project }} icon="shield" label="Compliance" />}
      {POLICIES.some((section) => may(section.action)) && <Item to="/policies" icon="scales" label="Policies" />}
      {SETTINGS.some((section) => may(section.action)) && (
        <Item to="/settings" icon="settings" label="Settings" />
      )}
      <span className={classes.space} />
      <Person />
    </nav>
  );
}

function Item({ to, params, icon, label }: { to: string; params?: Record<string, string>; icon: IconName; label: string }) {
  return (
    <Link to={to as never} params={params as never} className={classes.item} activeProps={{ "data-active": true, "aria-current": "page" }}>
      <Icon name={icon} />
      {label}
    </Link>
  );
}

function Projects({ selected }: { selected: string | undefined }) {
  const { data: projects } = useQuery(projectsQuery);
  const navigate = useNavigate();
  if (!projects?.length) return null;
  return (
    <NativeSelect
      aria-label="Project"
      size="sm"
      className={classes.projects!}
      classNames={{ input: classes.project!, section: classes.chevron! }}
      value={selected ?? ""}
      data={projects.map((item) => ({ value: item.key, label: item.name || item.key }))}
      onChange={(event) =>
        navigate({ to: "/projects/$project/flags", params: { project: event.currentTarget.value }, search: {} as never })
      }
    />
  );
}

function Person() {
  const { me } = usePermissions();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const name = me?.name ?? me?.subject ?? "";
  const { data: session } = useQuery(sessionQuery);
  const clipboard = useClipboard();
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      <Menu position="top-start" width={212} withinPortal>
        <Menu.Target>
          <UnstyledButton className={classes.person}>
            <span className={classes.initials} aria-hidden>
              {name.slice(0, 2)}
            </span>
            <span className={classes.who}>
              <span>{name}</span>
              <small>{me?.roles.join(", ") ?? ""}</small>
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Icon name={scheme === "dark" ? "sun" : "moon"} size={16} />}
            onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
          >
            {scheme === "dark" ? "Light colours" : "Dark colours"}
          </Menu.Item>
          <Menu.Item onClick={() => setColorScheme("auto")} leftSection={<Icon name="settings" size={16} />}>
            Colours of the system
          </Menu.Item>
          <Menu.Divider />
          {session?.authentication === "password" && (
            <Menu.Item leftSection={<Icon name="key" size={16} />} onClick={() => setChanging(true)}>
              Change your password
            </Menu.Item>
          )}
          {me && (
            <Menu.Item leftSection={<Icon name="copy" size={16} />} onClick={() => clipboard.copy(me.subject)}>
              Copy your id
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => void logOut()}>
            Log out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isChanging && (
        <Suspense>
          <OwnPassword close={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}

import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { Icon } from "../common/Icon";
import { openPalette } from "./palette-store";
import { Rail } from "./Rail";
import classes from "./Shell.module.css";
import { Wordmark } from "./Wordmark";

// What opens by a key may come a moment after the page.
const Palette = lazy(() => import("./Palette"));

/** The frame of every page: the rail on the left, on narrow screens behind a button. */
export function Shell() {
  const [open, menu] = useDisclosure();
  // Here and not in the palette, which may be loading yet when somebody asks for it.
  useHotkeys([
    ["mod+K", openPalette],
    ["/", openPalette],
  ]);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(menu.close, [path]);
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <div className={classes.rail}>
        <Rail />
      </div>
      <div className={classes.top}>
        <ActionIcon className={classes.burger} onClick={menu.open} aria-label="Open the navigation" size="lg" variant="transparent">
          <Icon name="menu" size={22} />
        </ActionIcon>
        <Wordmark light />
      </div>
      <Drawer.Root opened={open} onClose={menu.close} size={264} padding={0} classNames={{ body: classes.drawer! }}>
        <Drawer.Overlay />
        <Drawer.Content aria-label="Navigation">
          <Drawer.Body>
            <Rail />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <main id="content" className={classes.content} tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        <Palette />
      </Suspense>
    </div>
  );
}

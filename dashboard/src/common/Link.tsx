import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { type AnchorHTMLAttributes, forwardRef } from "react";

type Native<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P>;

/** A link to another page of the dashboard. */
export const Link = createLink(
  forwardRef<HTMLAnchorElement, Native<AnchorProps>>(function Link(props, ref) {
    return <Anchor ref={ref} {...props} />;
  }),
);

/** A link that looks like what one does next. */
export const ButtonLink = createLink(
  forwardRef<HTMLAnchorElement, Native<ButtonProps>>(function ButtonLink(props, ref) {
    return <Button component="a" ref={ref} {...props} />;
  }),
);

/** After how long without a key, a click or a scroll nobody is at the page: what it reads then it reads by itself. */
export const UNATTENDED_AFTER = 60_000;

/** What the server knows such reads by: they do not keep a session open (docs/identity.md). */
export const UNATTENDED_HEADER = "X-Halyard-Unattended";

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll", "focus"] as const;

let lastSign = Date.now();

/** Takes note of whatever somebody at the page does. */
export function attend(page: Pick<Window, "addEventListener">) {
  for (const sign of SIGNS) page.addEventListener(sign, () => (lastSign = Date.now()), { capture: true, passive: true });
}

export const isUnattended = (now = Date.now()) => now - lastSign >= UNATTENDED_AFTER;

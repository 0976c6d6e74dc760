const SECOND = 1_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number) => String(value).padStart(2, "0");

/** The time that is left: `23:59:59`, `2 d 03:00:00`; nothing of it when it is over. */
export function leftText(at: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(at) - now) / SECOND));
  const days = Math.floor(seconds / DAY);
  const clock = `${two(Math.floor((seconds % DAY) / HOUR))}:${two(Math.floor((seconds % HOUR) / MINUTE))}:${two(seconds % MINUTE)}`;
  return days > 0 ? `${days} d ${clock}` : clock;
}

/** How much of a span is left, 0 to 1. */
export function leftShare(from: string, at: string, now: number): number {
  const whole = Date.parse(at) - Date.parse(from);
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (Date.parse(at) - now) / whole));
}

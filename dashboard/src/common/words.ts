const LONG = 11;

/** A name that may go on in the next line where people would part it: after a slash, dot or hyphen, in long parts before a capital. */
export const breakable = (name: string) =>
  name
    .split(/(?<=[/._-])/)
    .map((part) => (part.length > LONG ? part.replace(/(?<=[a-z])(?=[A-Z])/g, "\u200b") : part))
    .join("\u200b");

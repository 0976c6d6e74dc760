const SUBJECT = /'([us]_[0-9a-z]{20,32})'/g;
const HASH = /(sha256:[0-9a-f]{8})[0-9a-f]{56}/g;

/** The pseudonymous ids that a sentence of the log names. */
export const subjectsIn = (sentence: string): string[] => [...sentence.matchAll(SUBJECT)].map((found) => found[1]!);

/** A sentence of the log for people: names where it has ids, and of hashes their beginning. The entry itself has all of it. */
export const readable = (sentence: string, name: (subject: string) => string): string =>
  sentence.replace(SUBJECT, (_, subject: string) => name(subject)).replace(HASH, "$1…");

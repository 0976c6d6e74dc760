import { Anchor, Badge, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Entry } from "../api/queries";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { useNames } from "../common/People";
import { Time } from "../common/Time";
import { day } from "../common/time";
import { usePermissions } from "../session/session";
import classes from "./Audit.module.css";
import type { PatchStep } from "./patch";
import { readable, subjectsIn } from "./readable";
import { PatchView } from "./PatchView";

/** Entries of the log, day by day, each with what it changed. */
export function EntryList({ entries, flagPage }: { entries: readonly Entry[]; flagPage?: { project: string; flag: string } }) {
  const name = useNames(entries.flatMap((entry) => subjectsIn(sentence(entry))));
  return (
    <div className={classes.list}>
      {entries.map((entry, index) => {
        const date = day(entry.effectiveAt);
        const isNewDay = index === 0 || day(entries[index - 1]!.effectiveAt) !== date;
        return (
          <div key={entry.index}>
            {isNewDay && <div className={classes.day}>{date}</div>}
            <EntryRow entry={entry} flagPage={flagPage} name={name} />
          </div>
        );
      })}
    </div>
  );
}

const READS = new Set(["log.viewed", "flag.viewed", "access.logged_in", "access.logged_out"]);

function EntryRow({
  entry,
  flagPage,
  name,
}: {
  entry: Entry;
  flagPage: { project: string; flag: string } | undefined;
  name: (subject: string) => string;
}) {
  const [isOpen, setOpen] = useState(false);
  const { may } = usePermissions();
  const patch = patchOf(entry);
  const kind = !entry.succeeded ? "denied" : READS.has(entry.type) ? "read" : "changed";
  return (
    <article className={classes.entry}>
      <i className={classes.mark} data-kind={kind} aria-hidden />
      <div className={classes.what}>
        {!entry.succeeded && <Badge color="flare">denied</Badge>}{" "}
        {!flagPage && namesNoFlag(entry) && <b className="key">{keyOf(entry)}</b>} {readable(sentence(entry), name)}
      </div>
      <div className={classes.when}>
        <Time at={entry.effectiveAt} form="clock" />
      </div>
      {entry.reason && <div className={classes.reason}>“{entry.reason}”</div>}
      <div className={classes.meta}>
        <span>{entry.actor.name ?? entry.actor.subject}</span>
        {!flagPage && <code>{entry.type}</code>}
        {entry.imported && <span>imported</span>}
        {entry.ticket && <span>{entry.ticket}</span>}
        {entry.incident && <span>{entry.incident}</span>}
        {isAddress(entry.reference) && (
          <Anchor href={entry.reference} rel="noreferrer noopener" target="_blank" size="xs">
            Original
          </Anchor>
        )}
        {may("audit.read") && (
          <Link to="/audit/$entry" params={{ entry: String(entry.index) }} size="xs">
            Entry {entry.index}
          </Link>
        )}
        {flagPage && (
          <Link
            to="/projects/$project/flags/$flag"
            params={flagPage}
            search={{ at: entry.effectiveAt }}
            size="xs"
          >
            State then
          </Link>
        )}
        {patch.length > 0 && (
          <UnstyledButton className={classes.more} onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
            Difference <Icon name={isOpen ? "up" : "down"} size={13} />
          </UnstyledButton>
        )}
      </div>
      {isOpen && (
        <div className={classes.diff}>
          <PatchView patch={patch} />
        </div>
      )}
    </article>
  );
}

const resourceOf = (entry: Entry) => (entry.leaf as { resource?: { kind?: string; key?: string } | null }).resource;
// Most descriptions say what happened and leave open to which flag.
const namesNoFlag = (entry: Entry) => resourceOf(entry)?.kind === "flag" && entry.description !== "" && !entry.description.includes(`'${keyOf(entry)}'`);
const keyOf = (entry: Entry) => resourceOf(entry)?.key;

/** What an entry says in words; where it says nothing, what it is and of what. */
export function sentence(entry: Entry): string {
  if (entry.description) return entry.description;
  const resource = resourceOf(entry);
  return resource?.key ? `${entry.type} ${resource.kind} ${resource.key}` : entry.type;
}

/** The patch of the first resource; a large one stands beside the leaf, which names it. */
export function patchOf(entry: Entry): PatchStep[] {
  const patch = (entry.leaf as { change?: { patch?: unknown } | null }).change?.patch;
  return Array.isArray(patch) ? (patch as PatchStep[]) : [];
}

/** Whether a reference is a link that may be followed: it came from an import, and so from anybody. */
const isAddress = (text: string | null | undefined): text is string => /^https?:\/\//i.test(text ?? "");

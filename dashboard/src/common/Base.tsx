import { Alert, Button } from "@mantine/core";
import { useState } from "react";
import { Icon } from "./Icon";

type Revised = { revision: number };

/**
 * What a draft began from: the newest until somebody begins to write, then that, whatever others put in force meanwhile. `follow` hears of each
 * newer one that nobody's draft stands in the way of.
 */
export function useBase<T extends Revised>(latest: T, isEdited: (base: T) => boolean, follow: (latest: T) => void): T {
  const [base, setBase] = useState(latest);
  if (base.revision === latest.revision || isEdited(base)) return base;
  setBase(latest);
  follow(latest);
  return latest;
}

/** Says that others were faster; nothing where they were not. */
export function Behind({ base, latest, discard }: { base: Revised; latest: Revised; discard: () => void }) {
  if (base.revision === latest.revision) return null;
  return (
    <Alert color="signal" icon={<Icon name="alert" />} mb="md" role="status" title={`Revision ${latest.revision} was put in force meanwhile`}>
      Your draft is based on revision {base.revision} and cannot take its place. Keep what you wrote elsewhere, then begin with what is in force.
      <Button variant="default" size="xs" mt={8} display="block" onClick={discard}>
        Discard the draft
      </Button>
    </Alert>
  );
}

import { Badge, MultiSelect, NativeSelect, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, remove } from "../api/client";
import { type Delegation, delegationsQuery, environmentsQuery, projectsQuery, usersQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { ExpiryField } from "../common/Expiry";
import { Acts, Item } from "../common/Items";
import { useNames } from "../common/People";
import { Time } from "../common/Time";
import { zone } from "../common/time";
import { usePermissions } from "../session/session";
import { Section } from "../settings/Section";
import { scopeText, standingOf } from "./delegation";

const STANDINGS = { now: { words: "holds", colour: "tide" }, later: { words: "not yet", colour: "gray" }, over: { words: "over", colour: "gray" } };

/** Who approves for whom while they are away: given and taken back by nobody but the person whose approvals they are. */
export default function Delegations() {
  const delegations = useQuery({ ...delegationsQuery, select: lastFirst });
  const { me, may } = usePermissions();
  const [isGiving, setGiving] = useState(false);
  const [leaving, setLeaving] = useState<Delegation | null>(null);
  const name = useNames(delegations.data?.flatMap((item) => [item.from.person, item.to.person]) ?? []);
  return (
    <>
      <Section
        query={delegations}
        label="Delegations"
        icon="users"
        empty="Nobody approves for anybody else"
        add={may("delegation.create") && { label: "Let somebody approve for me", go: () => setGiving(true) }}
        about="Who is away lets another person approve in their place, for a time. Only they themselves give and withdraw it; both count as one person, and the log names both."
      >
        {(all) =>
          all.map((item) => {
            const standing = STANDINGS[standingOf(item)];
            return (
              <Item
                key={item.id}
                dimmed={standingOf(item) === "over"}
                title={`${name(item.to.person)} for ${name(item.from.person)}`}
                about={
                  <>
                    {scopeText(item)} · <Time at={item.validFrom} form="moment" /> to <Time at={item.validTo} form="moment" />
                  </>
                }
                state={<Badge color={standing.colour}>{standing.words}</Badge>}
                acts={
                  <Acts
                    label={`the delegation to ${name(item.to.person)}`}
                    acts={[
                      item.from.person === me?.subject &&
                        standingOf(item) !== "over" &&
                        may("delegation.revoke") && { label: "Withdraw", icon: "trash", danger: true, go: () => setLeaving(item) },
                    ]}
                  />
                }
              />
            );
          })
        }
      </Section>
      {isGiving && <Give close={() => setGiving(false)} />}
      {leaving && (
        <Act
          title="Withdraw the delegation"
          button="Withdraw"
          danger
          onClose={() => setLeaving(null)}
          run={({ reason, headers }) => remove("/api/v1/delegations/{id}", { path: { id: leaving.id }, body: reason as never, headers })}
        >
          <Meaning>{name(leaving.to.person)} approves for you no more. Votes that were cast by it stand.</Meaning>
        </Act>
      )}
    </>
  );
}

const lastFirst = (all: Delegation[]) => all.toSorted((one, other) => Date.parse(other.validTo) - Date.parse(one.validTo));

type Draft = { to: string; project: string; environments: string[]; validFrom?: string | undefined; validTo?: string | undefined };

function Give({ close }: { close: () => void }) {
  const { me, may } = usePermissions();
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: may("user.read") });
  const { data: projects = [] } = useQuery(projectsQuery);
  const [draft, setDraft] = useState<Draft>({ to: "", project: "", environments: [] });
  const put = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { data: environments = [] } = useQuery({ ...environmentsQuery(draft.project), enabled: draft.project !== "" });
  return (
    <Act
      title="Let somebody approve for me"
      button="Give it"
      isReady={draft.to.trim() !== "" && draft.validTo !== undefined}
      onClose={close}
      run={({ reason, headers }) =>
        post("/api/v1/delegations", {
          body: {
            to: draft.to.trim(),
            validTo: draft.validTo,
            ...(draft.validFrom ? { validFrom: draft.validFrom } : {}),
            ...(draft.project
              ? { scope: { project: draft.project, ...(draft.environments.length > 0 ? { environments: draft.environments } : {}) } }
              : {}),
            ...reason,
          } as never,
          headers,
        })
      }
    >
      <Meaning>What counts is what you hold when they vote. They cannot pass it on, nor approve for you what they asked for themselves.</Meaning>
      {users.length > 0 ? (
        <Select
          label="Who"
          required
          searchable
          data-autofocus
          nothingFoundMessage="Nobody is called that"
          data={users.filter((user) => user.id !== me?.subject).map((user) => ({ value: user.id, label: user.name || user.email }))}
          value={draft.to || null}
          onChange={(to) => put({ to: to ?? "" })}
        />
      ) : (
        <TextInput
          label="Who"
          description="Their id. Everybody finds their own in the menu at their name."
          placeholder="u_…"
          required
          data-autofocus
          maxLength={100}
          classNames={{ input: "key" }}
          value={draft.to}
          onChange={(event) => put({ to: event.currentTarget.value })}
        />
      )}
      <NativeSelect
        label="For"
        value={draft.project}
        data={[{ value: "", label: "Everything" }, ...projects.map((item) => ({ value: item.key, label: item.name || item.key }))]}
        onChange={(event) => put({ project: event.currentTarget.value, environments: [] })}
      />
      {draft.project !== "" && (
        <MultiSelect
          label="Environments"
          description="None: all of them."
          data={environments.map((item) => ({ value: item.key, label: item.name || item.key }))}
          value={draft.environments}
          onChange={(keys) => put({ environments: keys })}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <ExpiryField label="From" description="Empty: at once." value={draft.validFrom} onChange={(validFrom) => put({ validFrom })} />
        <ExpiryField label="Until" description={`In your zone, ${zone()}.`} value={draft.validTo} onChange={(validTo) => put({ validTo })} />
      </SimpleGrid>
    </Act>
  );
}

import { Badge, Button, Group, SegmentedControl, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { post, remove } from "../api/client";
import { type Assignment, assignmentsQuery, rolesQuery, serviceAccountsQuery, usersQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { ExpiryField } from "../common/Expiry";
import { Acts, Item } from "../common/Items";
import { useNames } from "../common/People";
import { Time } from "../common/Time";
import { usePermissions } from "../session/session";
import { compact, type Pattern, patternText } from "./pattern";
import { PatternFields } from "./PatternFields";
import { Section } from "./Section";

/** Who has which role, where and for how long. */
export default function Assignments() {
  const { subject } = useSearch({ from: "/shell/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const assignments = useQuery({
    ...assignmentsQuery,
    select: (all) => (subject ? all.filter((item) => item.subject === subject) : all),
  });
  const { may } = usePermissions();
  const [isCreating, setCreating] = useState(false);
  const [leaving, setLeaving] = useState<Assignment | null>(null);
  const name = useHolders(assignments.data?.flatMap((item) => item.subject ?? []) ?? []);
  return (
    <>
      {subject && (
        <Group mb="md" gap="xs">
          <Text size="sm">
            Of <b>{name(subject)}</b> alone
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => navigate({ search: { tab: "assignments" } })}>
            Show all
          </Button>
        </Group>
      )}
      <Section
        query={assignments}
        label="Assignments"
        about="A role given to a person, a service account or a group of the identity provider, where and for as long as it says."
        add={may("assignment.create") && { label: "Assign a role", go: () => setCreating(true) }}
        icon="users"
        empty="No roles are assigned"
      >
        {(all) =>
          all.map((item) => (
            <Item
              key={item.id}
              title={item.group ? `Group ${item.group}` : name(item.subject ?? "")}
              about={
                <>
                  {patternText(item.scope)}
                  {item.notBefore && (
                    <>
                      {" "}
                      · from <Time at={item.notBefore} form="moment" />
                    </>
                  )}
                  {item.notAfter && (
                    <>
                      {" "}
                      · until <Time at={item.notAfter} form="moment" />
                    </>
                  )}
                </>
              }
              state={<Badge>{item.role}</Badge>}
              acts={
                <Acts
                  label={`${item.role} of ${item.group ?? name(item.subject ?? "")}`}
                  acts={[may("assignment.delete") && { label: "Take away", icon: "trash", danger: true, go: () => setLeaving(item) }]}
                />
              }
            />
          ))
        }
      </Section>
      {isCreating && <Create subject={subject} close={() => setCreating(false)} />}
      {leaving && (
        <Act
          title={`Take ${leaving.role} away`}
          button="Take away"
          danger
          onClose={() => setLeaving(null)}
          run={({ reason, headers }) =>
            remove("/api/v1/assignments/{assignment}", { path: { assignment: leaving.key }, body: reason as never, headers })
          }
        >
          <Meaning>
            {leaving.group ? `Members of ${leaving.group}` : name(leaving.subject ?? "")} {leaving.group ? "lose" : "loses"} it with the next request.
          </Meaning>
        </Act>
      )}
    </>
  );
}

/** Names of users and service accounts from their lists, of others from the log. */
function useHolders(subjects: string[]): (subject: string) => string {
  const { may } = usePermissions();
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: may("user.read") });
  const { data: accounts = [] } = useQuery({ ...serviceAccountsQuery, enabled: may("service-account.read") });
  const other = useNames(subjects);
  return (subject) => {
    const user = users.find((item) => item.id === subject);
    return user?.name || user?.email || accounts.find((item) => item.id === subject)?.name || other(subject);
  };
}

function Create({ subject, close }: { subject: string | undefined; close: () => void }) {
  const { may } = usePermissions();
  const { data: roles = [] } = useQuery({ ...rolesQuery, enabled: may("role.read") });
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: may("user.read") });
  const { data: accounts = [] } = useQuery({ ...serviceAccountsQuery, enabled: may("service-account.read") });
  const [to, setTo] = useState<"subject" | "group">("subject");
  const [holder, setHolder] = useState(subject ?? "");
  const [group, setGroup] = useState("");
  const [role, setRole] = useState<string | null>(null);
  const [scope, setScope] = useState<Pattern>({});
  const [span, setSpan] = useState<{ notBefore?: string | undefined; notAfter?: string | undefined }>({});
  const [typed, setTyped] = useState("");
  const known = [
    ...users.map((user) => ({ value: user.id, label: user.name ? `${user.name} (${user.email})` : user.email })),
    ...accounts.map((account) => ({ value: account.id, label: `${account.name} (service account)` })),
  ];
  // Whom an identity provider vouches for is in no list: their id is typed.
  const id = typed.trim();
  const isId = /^[a-z]_\w{8,}$/.test(id) && !known.some((item) => item.value === id);
  const narrowed = compact(scope);
  return (
    <Act
      title="Assign a role"
      button="Assign"
      wide
      isReady={role !== null && (to === "group" ? group.trim() : holder) !== ""}
      onClose={close}
      run={({ reason, headers }) =>
        post("/api/v1/assignments", {
          body: {
            ...(to === "group" ? { group: group.trim() } : { subject: holder }),
            role,
            ...(Object.keys(narrowed).length > 0 ? { scope: narrowed } : {}),
            ...(span.notBefore ? { notBefore: span.notBefore } : {}),
            ...(span.notAfter ? { notAfter: span.notAfter } : {}),
            ...reason,
          } as never,
          headers,
        })
      }
    >
      <SegmentedControl
        aria-label="To whom"
        value={to}
        onChange={(value) => setTo(value as typeof to)}
        data={[
          { value: "subject", label: "A person or service account" },
          { value: "group", label: "A group" },
        ]}
      />
      {to === "group" ? (
        <TextInput
          label="Group"
          description="As the identity provider names it."
          placeholder="web-team"
          required
          value={group}
          onChange={(event) => setGroup(event.currentTarget.value)}
        />
      ) : (
        <Select
          label="To"
          description="Somebody of an identity provider: type the id that their log-in shows (s_…)."
          searchable
          required
          data={isId ? [...known, { value: id, label: id }] : known}
          onSearchChange={setTyped}
          nothingFoundMessage="Nobody is called that"
          value={holder || null}
          onChange={(value) => setHolder(value ?? "")}
        />
      )}
      <Select label="Role" searchable required data={roles.map((item) => item.key)} value={role} onChange={setRole} />
      <Text size="sm" fw={560} mt={4}>
        Where it counts: {patternText(narrowed)}
      </Text>
      <PatternFields value={scope} onChange={setScope} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <ExpiryField label="From" description="Empty: at once." value={span.notBefore} onChange={(notBefore) => setSpan({ ...span, notBefore })} />
        <ExpiryField label="Until" description="Empty: until it is taken away." value={span.notAfter} onChange={(notAfter) => setSpan({ ...span, notAfter })} />
      </SimpleGrid>
    </Act>
  );
}

import { Badge, Button, Checkbox, Collapse, Group, NativeSelect, Stack, TagsInput, Text, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { patch, post, remove } from "../api/client";
import { type Role, rolesQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Icon } from "../common/Icon";
import { Acts, Item } from "../common/Items";
import { usePermissions } from "../session/session";
import { compact, conditionsText, type Grant, grantProblems, patternText } from "./pattern";
import { PatternFields } from "./PatternFields";
import { Section } from "./Section";
import classes from "./Settings.module.css";

type Step = { act: "create" } | { act: "edit" | "delete"; role: Role };

/** What each role allows: those that ship, and one's own. */
export default function Roles() {
  const roles = useQuery({
    ...rolesQuery,
    // One's own first: they are the ones that change.
    select: (all) => all.toSorted((one, other) => Number(other.revision > 0) - Number(one.revision > 0) || one.key.localeCompare(other.key)),
  });
  const { may } = usePermissions();
  const [step, setStep] = useState<Step | null>(null);
  const close = () => setStep(null);
  return (
    <>
      <Section
        query={roles}
        label="Roles"
        about="A role is a list of grants: what, where and if. A denial wins over every grant, and what nothing allows is denied."
        add={may("role.create") && { label: "Define a role", go: () => setStep({ act: "create" }) }}
        icon="shield"
        empty="No roles"
      >
        {(all) =>
          all.map((role) => (
            <Item
              key={role.key}
              title={role.name && role.name !== role.key ? role.name : <span className="key">{role.key}</span>}
              about={<Grants role={role} />}
              state={role.revision === 0 ? <Badge color="gray">built in</Badge> : <Badge>revision {role.revision}</Badge>}
              acts={
                role.revision > 0 && (
                  <Acts
                    label={role.key}
                    acts={[
                      may("role.update") && { label: "Edit", icon: "settings", go: () => setStep({ act: "edit", role }) },
                      may("role.delete") && { label: "Delete", icon: "trash", danger: true, go: () => setStep({ act: "delete", role }) },
                    ]}
                  />
                )
              }
            />
          ))
        }
      </Section>
      {step?.act === "create" && <Edit close={close} />}
      {step?.act === "edit" && <Edit role={step.role} close={close} />}
      {step?.act === "delete" && (
        <Act
          title={`Delete ${step.role.key}`}
          button="Delete"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/roles/{role}", { path: { role: step.role.key }, body: reason as never, headers })}
        >
          <Meaning>A role that somebody still has is not deleted: take it away from them first.</Meaning>
        </Act>
      )}
    </>
  );
}

function Grants({ role }: { role: Role }) {
  const [isOpen, setOpen] = useState(false);
  const grants = role.grants as Grant[];
  const actions = new Set(grants.flatMap((grant) => grant.actions)).size;
  return (
    <>
      {role.description && <div>{role.description}</div>}
      <UnstyledButton className={classes.more} aria-expanded={isOpen} onClick={() => setOpen((before) => !before)}>
        <Icon name={isOpen ? "down" : "right"} size={13} />
        {role.key}: {grants.length === 1 ? "1 grant" : `${grants.length} grants`}, {actions === 1 ? "1 action" : `${actions} actions`}
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <ul className={classes.grants}>
          {grants.map((grant, index) => (
            <li key={index}>
              <b>{grant.effect === "deny" ? "Denies" : "Allows"}</b> <span className="key">{grant.actions.join(", ")}</span> {patternText(grant.resource)}
              {conditionsText(grant.when) && ` · ${conditionsText(grant.when)}`}
            </li>
          ))}
        </ul>
      </Collapse>
    </>
  );
}

const EMPTY: Grant = { effect: "allow", actions: [] };
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

function Edit({ role, close }: { role?: Role; close: () => void }) {
  const [draft, setDraft] = useState({ key: role?.key ?? "", name: role?.name ?? "", description: role?.description ?? "" });
  const [grants, setGrants] = useState<Grant[]>(() => (role ? structuredClone(role.grants as Grant[]) : [EMPTY]));
  const put = (index: number, part: Partial<Grant>) => setGrants(grants.map((grant, at) => (at === index ? { ...grant, ...part } : grant)));
  const isKey = KEY.test(draft.key);
  return (
    <Act
      title={role ? `Edit ${role.key}` : "Define a role"}
      button={role ? "Save" : "Define"}
      wide
      isReady={isKey && grants.length > 0 && grantProblems(grants).length === 0}
      onClose={close}
      run={({ reason, headers }): Promise<unknown> => {
        const { key, ...details } = draft;
        const body = { ...details, grants: grants.map(cleaned), ...reason };
        return role
          ? patch("/api/v1/roles/{role}", { path: { role: role.key }, body: body as never, headers: { ...headers, "If-Match": `"${role.revision}"` } })
          : post("/api/v1/roles", { body: { key, ...body } as never, headers });
      }}
    >
      {!role && (
        <TextInput
          label="Key"
          placeholder="checkout-team"
          required
          data-autofocus
          classNames={{ input: "key" }}
          error={draft.key !== "" && !isKey ? "Letters, digits, dots, hyphens and underscores; the first is a letter or digit." : null}
          value={draft.key}
          onChange={(event) => setDraft({ ...draft, key: event.currentTarget.value })}
        />
      )}
      <TextInput label="Name" placeholder="Checkout team" value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })} />
      <Textarea label="Description" autosize value={draft.description} onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })} />
      {grants.map((grant, index) => (
        <fieldset key={index} className={classes.grant}>
          <legend>Grant {index + 1}</legend>
          <Stack gap="sm">
            <Group align="flex-start" gap="sm" wrap="nowrap">
              <NativeSelect
                label="Effect"
                w={110}
                data={[
                  { value: "allow", label: "Allows" },
                  { value: "deny", label: "Denies" },
                ]}
                value={grant.effect}
                onChange={(event) => put(index, { effect: event.currentTarget.value })}
              />
              <Actions value={grant.actions} onChange={(actions) => put(index, { actions })} />
            </Group>
            <PatternFields value={grant.resource ?? {}} onChange={(resource) => put(index, { resource })} />
            <Group justify="space-between">
              {grant.effect === "allow" ? (
                <Group gap="md">
                  <Checkbox
                    label="Needs a ticket"
                    checked={grant.when?.ticket === true}
                    onChange={(event) => put(index, { when: { ...grant.when, ticket: event.currentTarget.checked } })}
                  />
                  <Checkbox
                    label="Needs an incident"
                    checked={grant.when?.incident === true}
                    onChange={(event) => put(index, { when: { ...grant.when, incident: event.currentTarget.checked } })}
                  />
                </Group>
              ) : (
                <Text size="xs" c="dimmed">
                  A denial needs no ticket.
                </Text>
              )}
              {grants.length > 1 && (
                <Button size="xs" variant="default" leftSection={<Icon name="trash" size={14} />} onClick={() => setGrants(grants.filter((_, at) => at !== index))}>
                  Remove grant {index + 1}
                </Button>
              )}
            </Group>
          </Stack>
        </fieldset>
      ))}
      <Group>
        <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setGrants([...grants, EMPTY])}>
          Add a grant
        </Button>
      </Group>
    </Act>
  );
}

/** A grant as the API takes it: what says nothing is left out. What this form does not show stays as it was. */
function cleaned(grant: Grant): Grant {
  const { resource, when, ...others } = grant;
  const pattern = compact(resource ?? {});
  const conditions = Object.fromEntries(
    Object.entries(when ?? {}).filter(([name, value]) => value && (grant.effect === "allow" || name === "actorKinds")),
  );
  return {
    ...others,
    ...(Object.keys(pattern).length > 0 ? { resource: pattern } : {}),
    ...(Object.keys(conditions).length > 0 ? { when: conditions } : {}),
  };
}

/** Actions by name; those that one has oneself are offered, and all that begin alike. */
function Actions({ value, onChange }: { value: readonly string[]; onChange: (actions: string[]) => void }) {
  const { me } = usePermissions();
  const known = [...(me?.may ?? []), ...(me?.mayInPart ?? [])];
  const families = [...new Set(known.map((action) => `${action.split(".")[0]}.*`))];
  return (
    <TagsInput
      label="Actions"
      description="Names, all that begin alike (flag.*), or all (*)."
      required
      flex={1}
      placeholder={value.length === 0 ? "flag.read" : ""}
      acceptValueOnBlur
      data={["*", ...families.toSorted(), ...known.toSorted()]}
      value={[...value]}
      onChange={onChange}
    />
  );
}

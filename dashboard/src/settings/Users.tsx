import { Badge, MultiSelect, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { patch, post, remove } from "../api/client";
import { rolesQuery, type User, usersQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Acts, Item } from "../common/Items";
import { Secret } from "../common/Secret";
import { Time } from "../common/Time";
import { usePermissions } from "../session/session";
import { Section } from "./Section";

type Step = { act: "create" } | { act: "edit" | "password" | "switch" | "sessions" | "delete"; user: User };

const byName = (users: User[]) => users.toSorted((one, other) => (one.name || one.email).localeCompare(other.name || other.email));

/** People whom this server itself knows. */
export default function Users() {
  const users = useQuery({ ...usersQuery, select: byName });
  const { me, may } = usePermissions();
  const navigate = useNavigate({ from: "/settings" });
  const [step, setStep] = useState<Step | null>(null);
  const [password, setPassword] = useState<{ value: string; email: string } | null>(null);
  const close = () => setStep(null);
  return (
    <>
      <Section
        query={users}
        label="Users"
        about="People who log in with a password of this server. Whoever comes from an identity provider is not listed here."
        add={may("user.create") && { label: "Create user", go: () => setStep({ act: "create" }) }}
        icon="users"
        empty="No users of this server"
      >
        {(all) =>
          all.map((user) => (
            <Item
              key={user.id}
              dimmed={!user.enabled}
              title={user.name || user.email}
              about={
                <>
                  {user.name && `${user.email} · `}since <Time at={user.createdAt} form="day" />
                  {user.id === me?.subject && " · you"}
                </>
              }
              state={
                <>
                  {!user.enabled && <Badge color="flare">disabled</Badge>}
                  {user.roles.length === 0 ? <Badge color="gray">by assignments alone</Badge> : user.roles.map((role) => <Badge key={role}>{role}</Badge>)}
                </>
              }
              acts={
                <Acts
                  label={user.name || user.email}
                  acts={[
                    may("user.update") && { label: "Edit name and roles", icon: "settings", go: () => setStep({ act: "edit", user }) },
                    may("assignment.read") && {
                      label: "Assignments",
                      icon: "users",
                      go: () => void navigate({ search: { tab: "assignments", subject: user.id } }),
                    },
                    may("user.reset-password") && { label: "Reset the password", icon: "key", go: () => setStep({ act: "password", user }) },
                    may("user.end-sessions") && { label: "End all sessions", icon: "out", go: () => setStep({ act: "sessions", user }) },
                    may(user.enabled ? "user.disable" : "user.enable") && {
                      label: user.enabled ? "Disable" : "Enable",
                      icon: user.enabled ? "minus" : "check",
                      danger: user.enabled,
                      go: () => setStep({ act: "switch", user }),
                    },
                    may("user.delete") && { label: "Delete", icon: "trash", danger: true, go: () => setStep({ act: "delete", user }) },
                  ]}
                />
              }
            />
          ))
        }
      </Section>
      {step?.act === "create" && <Create close={close} made={setPassword} />}
      {step?.act === "edit" && <Edit user={step.user} close={close} />}
      {step?.act === "password" && <Reset user={step.user} close={close} made={setPassword} />}
      {step?.act === "switch" && (
        <Act
          title={`${step.user.enabled ? "Disable" : "Enable"} ${step.user.email}`}
          button={step.user.enabled ? "Disable" : "Enable"}
          danger={step.user.enabled}
          onClose={close}
          run={({ reason, headers }) =>
            post(step.user.enabled ? "/api/v1/users/{user}/disable" : "/api/v1/users/{user}/enable", {
              path: { user: step.user.id },
              body: reason as never,
              headers,
            })
          }
        >
          <Meaning>
            {step.user.enabled
              ? "Their sessions end with the next request, and so do the tokens that they answer for."
              : "They can log in again, and the tokens that they answer for count again."}
          </Meaning>
        </Act>
      )}
      {step?.act === "sessions" && (
        <Act
          title={`End all sessions of ${step.user.email}`}
          button="End them"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/sessions/{subject}", { path: { subject: step.user.id }, body: reason as never, headers })}
        >
          <Meaning>Every browser of theirs is logged out. They may log in again; tokens work on.</Meaning>
        </Act>
      )}
      {step?.act === "delete" && (
        <Act
          title={`Delete ${step.user.email}`}
          button="Delete"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/users/{user}", { path: { user: step.user.id }, body: reason as never, headers })}
        >
          <Meaning>They log in no more, and the tokens that they answer for end. What they did stays in the log. It cannot be undone.</Meaning>
        </Act>
      )}
      {password && <Secret what={`The password of ${password.email}`} secret={password.value} onClose={() => setPassword(null)} />}
    </>
  );
}

type Made = (password: { value: string; email: string }) => void;

/** Roles of the tenant; those of a user count everywhere. */
export function RolesField({
  label = "Roles",
  description,
  value,
  onChange,
}: {
  label?: string;
  description?: string;
  value: string[];
  onChange: (roles: string[]) => void;
}) {
  const { may } = usePermissions();
  const { data: roles = [] } = useQuery({ ...rolesQuery, enabled: may("role.read") });
  const known = roles.map((role) => role.key);
  return (
    <MultiSelect
      label={label}
      {...(description ? { description } : {})}
      searchable
      data={[...new Set([...known, ...value])]}
      value={value}
      onChange={onChange}
    />
  );
}

function Create({ close, made }: { close: () => void; made: Made }) {
  const [user, setUser] = useState({ email: "", name: "", roles: [] as string[], password: "" });
  const put = (part: Partial<typeof user>) => setUser((before) => ({ ...before, ...part }));
  return (
    <Act
      title="Create a user"
      button="Create"
      isReady={user.email.includes("@")}
      onClose={close}
      run={({ reason, headers }) =>
        post("/api/v1/users", {
          body: {
            email: user.email.trim(),
            name: user.name.trim(),
            roles: user.roles,
            ...(user.password ? { password: user.password } : {}),
            ...reason,
          } as never,
          headers,
        })
      }
      onDone={(answer) => answer.password && made({ value: answer.password, email: user.email })}
    >
      <TextInput
        type="email"
        label="E-mail address"
        placeholder="ann@example.com"
        required
        data-autofocus
        autoComplete="off"
        value={user.email}
        onChange={(event) => put({ email: event.currentTarget.value })}
      />
      <TextInput label="Name" placeholder="Ann" value={user.name} onChange={(event) => put({ name: event.currentTarget.value })} />
      <RolesField
        description="They count everywhere. Leave it empty for whoever shall work in one project alone, and assign a role there."
        value={user.roles}
        onChange={(roles) => put({ roles })}
      />
      <PasswordField value={user.password} onChange={(password) => put({ password })} />
    </Act>
  );
}

function PasswordField({ value, onChange }: { value: string; onChange: (password: string) => void }) {
  return (
    <PasswordInput
      label="Password"
      description="12 characters or more. Left empty, one is drawn and shown once."
      autoComplete="new-password"
      maxLength={128}
      error={value !== "" && value.length < 12 ? `${12 - value.length} more characters` : null}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Edit({ user, close }: { user: User; close: () => void }) {
  const [draft, setDraft] = useState({ email: user.email, name: user.name, roles: [...user.roles] });
  return (
    <Act
      title={`Edit ${user.email}`}
      button="Save"
      isReady={draft.email.includes("@")}
      onClose={close}
      run={({ reason, headers }) =>
        patch("/api/v1/users/{user}", {
          path: { user: user.id },
          body: { ...draft, ...reason } as never,
          headers: { ...headers, "If-Match": `"${user.revision}"` },
        })
      }
    >
      <TextInput
        type="email"
        label="E-mail address"
        required
        value={draft.email}
        onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
      />
      <TextInput label="Name" data-autofocus value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })} />
      <RolesField description="They count everywhere." value={draft.roles} onChange={(roles) => setDraft({ ...draft, roles })} />
    </Act>
  );
}

function Reset({ user, close, made }: { user: User; close: () => void; made: Made }) {
  const [password, setPassword] = useState("");
  return (
    <Act
      title={`Reset the password of ${user.email}`}
      button="Reset"
      onClose={close}
      run={({ reason, headers }) =>
        post("/api/v1/users/{user}/reset-password", {
          path: { user: user.id },
          body: { ...(password ? { password } : {}), ...reason } as never,
          headers,
        })
      }
      onDone={(answer) => answer.password && made({ value: answer.password, email: user.email })}
    >
      <Meaning>Every session of theirs ends.</Meaning>
      <PasswordField value={password} onChange={setPassword} />
    </Act>
  );
}

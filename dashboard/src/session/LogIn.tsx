import { Box, Button, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { ProblemError } from "../api/problem";
import { Icon } from "../common/Icon";
import { Failure, Rows } from "../common/States";
import { Wordmark } from "../shell/Wordmark";
import classes from "./LogIn.module.css";
import { logIn, providersQuery, sessionQuery } from "./session";

/** Where people say who they are: by password, at an identity provider, or either. */
export function LogIn() {
  const { returnTo } = useSearch({ from: "/login" });
  const providers = useQuery(providersQuery);
  const target = returnTo ?? "/";
  useEffect(() => {
    document.title = "Log in · Halyard";
  }, []);
  return (
    <Box className={classes.page} component="main">
      <Box className={classes.sea} aria-hidden />
      <Paper className={classes.card} withBorder radius="lg" p={28}>
        <Stack gap="lg">
          <Wordmark />
          <Stack gap={2}>
            <Title order={1}>Log in</Title>
            <Text c="dimmed">Every change you make here stands in the log under your name.</Text>
          </Stack>
          {providers.isPending && <Rows count={3} />}
          {providers.isError && <Failure error={providers.error} retry={() => providers.refetch()} />}
          {providers.data && (
            <>
              {providers.data.providers.length > 0 && (
                <Stack gap="xs">
                  {providers.data.providers.map((name) => (
                    <Button
                      key={name}
                      component="a"
                      variant={providers.data.password ? "default" : "filled"}
                      size="md"
                      href={`/auth/login?provider=${encodeURIComponent(name)}&returnUrl=${encodeURIComponent(target)}`}
                    >
                      Continue with {name}
                    </Button>
                  ))}
                </Stack>
              )}
              {providers.data.password && providers.data.providers.length > 0 && <Divider label="or by password" />}
              {providers.data.password && <ByPassword target={target} />}
              {!providers.data.password && providers.data.providers.length === 0 && (
                <Text>
                  Nobody can log in here yet: local users are switched off and no identity provider is configured. The
                  server's operator can change that.
                </Text>
              )}
            </>
          )}
        </Stack>
      </Paper>
    </Box>
  );
}

function ByPassword({ target }: { target: string }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  // Asked for where an administrator set the password.
  const [own, setOwn] = useState<string>();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const attempt = useMutation({
    mutationFn: () => logIn(email, password, own),
    onError: (error) => {
      if (mustChoose(error)) setOwn("");
    },
    onSuccess: async (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      await navigate({ href: target });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
        />
        {own !== undefined && (
          <PasswordInput
            label="A password of your own"
            description="An administrator set the one above. Choose another, of 12 characters or more; it counts from now on."
            autoComplete="new-password"
            required
            minLength={12}
            maxLength={128}
            autoFocus
            value={own}
            onChange={(event) => setOwn(event.currentTarget.value)}
            error={attempt.error instanceof ProblemError ? attempt.error.fields.get("/newPassword") : undefined}
            visibilityToggleButtonProps={{ "aria-label": "Show the new password" }}
          />
        )}
        {attempt.isError && !mustChoose(attempt.error) && <Refusal error={attempt.error} />}
        <Button type="submit" size="md" loading={attempt.isPending} mt={4}>
          Log in
        </Button>
      </Stack>
    </form>
  );
}

function mustChoose(error: unknown) {
  return error instanceof ProblemError && error.kind === "password-change-required";
}

function Refusal({ error }: { error: unknown }) {
  if (!(error instanceof ProblemError) || (error.kind !== "wrong-credentials" && error.status !== 429))
    return <Failure error={error} />;
  return (
    <Text c="var(--mantine-color-error)" size="sm" role="alert" className={classes.refusal}>
      <Icon name="alert" size={16} />
      {error.status === 429
        ? `Too many attempts. Try again${error.retryAfter ? ` in ${error.retryAfter} seconds` : " later"}.`
        : "That is not an address and password that belong together."}
    </Text>
  );
}

import { Badge, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Item, Items } from "../common/Items";
import { Failure, Rows } from "../common/States";
import { providersQuery } from "../session/session";

/** By which ways people log in; they are configuration, and shown alone. */
export default function LogInWays() {
  const ways = useQuery(providersQuery);
  if (ways.isError) return <Failure error={ways.error} retry={() => ways.refetch()} />;
  if (ways.isPending) return <Rows count={2} height={54} />;
  return (
    <section aria-label="Ways of logging in">
      <Text size="sm" c="dimmed" mb="md" maw={640}>
        Identity providers are the server's configuration (Halyard:Identity:Providers) and are changed there.
      </Text>
      <Items label="Ways of logging in">
        <Item
          title="Password"
          about="Users of this server, by e-mail address and password"
          dimmed={!ways.data.password}
          state={ways.data.password ? <Badge color="tide">on</Badge> : <Badge color="gray">off</Badge>}
        />
        {ways.data.providers.map((provider) => (
          <Item key={provider} title={provider} about="OpenID Connect" state={<Badge color="tide">on</Badge>} />
        ))}
      </Items>
    </section>
  );
}

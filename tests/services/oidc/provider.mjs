// An OpenID provider on loopback: `node provider.mjs flat|nested PORT`. Prints its issuer once it listens.
//
// flat    signs with RS256, says everything in its ID tokens, groups as `groups`; every access token is one for the API.
// nested  signs with ES256, says little in its ID tokens and the rest when it is asked, groups deep in `realm_access`, the
//         organisation in `org`; a client must name the API to get a token for it.
//
// HALYARD_URL in the environment is where another Halyard is than on the port that the tests of the server stand for.
//
// Whoever it is asked to log in is the account in the header X-Account, by which a test stands for a person at a keyboard. A new
// process has new keys.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [, , shape, port = "0"] = process.argv;
const halyard = process.env.HALYARD_URL ?? "http://127.0.0.1:8080";
const nested = shape === "nested";
const api = "https://halyard.example/api";

const accounts = {
  ada: { email: "ada@example.com", name: "Ada Lovelace", groups: ["admins", "staff"], org: "acme" },
  bob: { email: "bob@example.com", name: "Bob", groups: ["staff"], org: "acme" },
  eve: { email: "eve@example.com", name: "Eve", groups: ["admins"], org: "nobody-we-know" },
};

const said = (account) => {
  const { email, name, groups, org } = accounts[account];
  return nested ? { org, realm_access: { roles: groups }, mail: email, name } : { groups, email, name };
};

const algorithm = nested ? "ES256" : "RS256";
const { privateKey } = nested
  ? generateKeyPairSync("ec", { namedCurve: "P-256" })
  : generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: algorithm };

const client = (id, more) => ({
  client_id: id,
  client_secret: "loopback secret",
  id_token_signed_response_alg: algorithm,
  redirect_uris: [],
  response_types: [],
  ...more,
});

// Where the relying party really listens: its registered address is one that nobody knew beforehand. `GET /relying-party?is=` tells.
let relyingParty;

const server = createServer();
server.listen(Number(port), "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      client("halyard", {
        redirect_uris: [`${halyard}/auth/callback/flat`, `${halyard}/auth/callback/nested`],
        post_logout_redirect_uris: [`${halyard}/`],
        response_types: ["code"],
        grant_types: ["authorization_code"],
        backchannel_logout_uri: `http://127.0.0.1:8080/auth/oidc/${shape}/backchannel-logout`,
        backchannel_logout_session_required: true,
      }),
      client("tool", {
        redirect_uris: ["http://127.0.0.1:8080/tool"],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      }),
      client("robot", { grant_types: ["client_credentials"] }),
    ],
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    // What is beside the ID token, or in it.
    conformIdTokenClaims: nested,
    claims: {
      openid: ["sub", "auth_time", "acr"],
      profile: nested ? ["name", "org", "realm_access"] : ["name", "groups"],
      email: nested ? ["mail"] : ["email"],
    },
    acrValues: ["urn:test:gold"],
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => (nested ? undefined : api),
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "openid profile email",
          audience: "halyard-api",
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
    extraTokenClaims: (_, token) =>
      token.accountId ? said(token.accountId) : { org: "acme", groups: ["robots"], realm_access: { roles: ["robots"] } },
    findAccount: (_, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...said(id) }) },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    // Without the guard against loopback, where all of this happens.
    fetch: (url, { dispatcher, ...options }) => fetch(url.replace("http://127.0.0.1:8080", relyingParty), options),
  });

  const interact = async (request, response) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") {
      const login = { accountId: request.headers["x-account"], acr: "urn:test:gold" };
      return provider.interactionFinished(request, response, { login });
    }
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope("openid profile email");
    grant.addResourceScope(api, "openid profile email");
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  };

  const handle = provider.callback();
  server.on("request", (request, response) => {
    if (request.url.startsWith("/relying-party?")) {
      relyingParty = new URL(request.url, issuer).searchParams.get("is");
      return response.end();
    }
    if (!request.url.startsWith("/interaction/")) return handle(request, response);
    return interact(request, response).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  console.log(issuer);
});

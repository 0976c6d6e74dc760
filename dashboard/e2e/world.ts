import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const PASSWORD = "correct horse battery";
const PATIENCE = 90_000;

/** The people of the tests, each with the role that the approval policy knows them by. */
export const PEOPLE = {
  admin: { email: "ada@example.com", name: "Ada Administrator", role: "ADMIN" },
  developer: { email: "dana@example.com", name: "Dana Developer", role: "developer" },
  lead: { email: "lee@example.com", name: "Lee Lead", role: "tech-lead" },
  owner: { email: "olga@example.com", name: "Olga Owner", role: "product-owner" },
  viewer: { email: "vic@example.com", name: "Vic Viewer", role: "viewer" },
  oncall: { email: "otto@example.com", name: "Otto Oncall", role: "on-call-engineer" },
  sre: { email: "sam@example.com", name: "Sam Sre", role: "sre" },
  manager: { email: "mia@example.com", name: "Mia Manager", role: "engineering-manager" },
} as const;

const POLICY = `apiVersion: featureflags/v1
kind: ApprovalPolicy
metadata:
  name: two-people
spec:
  rules:
    - name: production-changes
      conditions:
        - field: environment.type
          operator: equals
          value: production
      approval:
        required: true
        stages:
          - { name: technical-review, order: 1, requiredApprovers: 1, approverRoles: [tech-lead], timeoutHours: 24, onTimeout: reject }
          - { name: business-review, order: 2, requiredApprovers: 1, approverRoles: [product-owner], timeoutHours: 48, onTimeout: reject }
`;

export type World = { url: string; token: string; password: string };

declare module "vitest" {
  interface ProvidedContext {
    world: World;
  }
}

/** Starts the server as an operator does, with the OpenShift sample, the people and a policy; ends it when the tests are done. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), "halyard-dashboard-"));
  const port = await freePort();
  const secret = join(folder, "password");
  writeFileSync(secret, PASSWORD, { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  const provider = spawn("node", ["provider.mjs", "flat"], {
    cwd: join(repository, "tests/services/oidc"),
    env: { ...process.env, HALYARD_URL: url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const issuer = await firstLine(provider);
  const incidents = await incidentSource();
  const server = spawn(
    "dotnet",
    [
      serverFile(),
      `--Halyard:Database=${join(folder, "halyard.db")}`,
      "--Halyard:TrackingFlushSeconds=1",
      `--Halyard:Exports:Folder=${join(folder, "exports")}`,
      `--Halyard:Sinks:Folder=${join(folder, "sinks")}`,
      `--Halyard:Sample=openshift=${join(repository, "samples/openshift/history.jsonl")}`,
      `--Halyard:Dashboard:Folder=${join(repository, "dashboard/dist")}`,
      `--Halyard:Identity:Local:AdminEmail=${PEOPLE.admin.email}`,
      `--Halyard:Identity:Local:AdminPasswordFile=${secret}`,
      ...identityProvider(issuer),
      `--Halyard:Bypass:Incidents:Url=${incidents.url}/incidents/{incident}`,
      "--Halyard:Bypass:Incidents:AllowedHosts:0=127.0.0.1",
      `--Urls=${url}`,
    ],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  );
  const stop = () => {
    server.kill("SIGTERM");
    provider.kill("SIGTERM");
    incidents.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const token = await administrator(server);
    const world: World = { url, token, password: PASSWORD };
    await populate(world);
    project.provide("world", world);
  } catch (broken) {
    stop();
    throw broken;
  }
  return stop;
}

/** A certified OpenID provider; administrators of it are administrators here. */
const identityProvider = (issuer: string) =>
  Object.entries({
    Name: "flat",
    Issuer: issuer,
    Audience: "halyard-api",
    ClientId: "halyard",
    ClientSecret: "loopback secret",
    "TenantMapping:Tenant": "default",
    "RoleMapping:0:Group": "admins",
    "RoleMapping:0:Role": "ADMIN",
  }).map(([name, value]) => `--Halyard:Identity:Providers:0:${name}=${value}`);

/** What the source of incidents knows; INC-500 is one about which it cannot be asked. */
const INCIDENTS: Record<string, { status: string; severity: string }> = {
  "INC-1": { status: "open", severity: "SEV1" },
  "INC-2": { status: "open", severity: "SEV2" },
  "INC-9": { status: "resolved", severity: "SEV1" },
};

/** A source of incidents as docs/bypass.md describes one. */
function incidentSource(): Promise<{ url: string; stop: () => void }> {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      const id = request.url!.split("/").at(-1)!;
      const known = INCIDENTS[id];
      response.writeHead(known ? 200 : id === "INC-500" ? 503 : 404, { "Content-Type": "application/json" });
      response.end(JSON.stringify(known ? { id, ...known } : {}));
    }).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}`, stop: () => server.close() });
    });
  });
}

/** What a process prints first: that it listens, and where. */
function firstLine(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    process.stdout!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("\n")) resolve(said.slice(0, said.indexOf("\n")).trim());
    });
    process.once("exit", (code) => reject(new Error(`It ended with ${code}. Are its packages installed? npm ci --prefix tests/services/oidc`)));
  });
}

function serverFile(): string {
  const built = ["Release", "Debug"].map((name) => join(repository, "src/Halyard.Server/bin", name, "net10.0/halyard-server.dll"));
  const found = process.env.HALYARD_SERVER ?? built.toReversed().find(existsSync);
  if (!found) throw new Error("Build the server first: dotnet build src/Halyard.Server");
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the server listens, and gives the token that it printed. */
function administrator(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`The server did not start: ${said}`)), PATIENCE);
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const token = /Administrator token \(shown this once\): (\S+)/.exec(said)?.[1];
      if (!token || !said.includes("Now listening on")) return;
      clearTimeout(timer);
      resolve(token);
    };
    server.stdout!.on("data", listen);
    server.stderr!.on("data", listen);
    server.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
  });
}

/** Calls the API with the administrator's token. */
export async function api(world: World, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${world.url}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${world.token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** Votes for a change request as it stands. */
export async function approve(world: World, request: string) {
  const { hash } = await api(world, "GET", `/change-requests/${request}`);
  const response = await fetch(`${world.url}/api/v1/change-requests/${request}/approve`, {
    method: "POST",
    headers: { Authorization: `Bearer ${world.token}`, "Content-Type": "application/json", "If-Match": `"${hash}"` },
    body: "{}",
  });
  if (!response.ok) throw new Error(`approve ${request}: ${response.status} ${await response.text()}`);
}

/** The same world with somebody's own token, as a log-in from a command line gets it. */
export async function as(world: World, who: keyof typeof PEOPLE): Promise<World> {
  const response = await fetch(`${world.url}/auth/password`, {
    method: "POST",
    body: JSON.stringify({ email: PEOPLE[who].email, password: world.password, token: true }),
  });
  const answer = (await response.json()) as { accessToken?: string };
  if (!answer.accessToken) throw new Error(`${who} cannot log in: ${JSON.stringify(answer)}`);
  return { ...world, token: answer.accessToken };
}

/** Projects for emergencies, each with its flags: one to be looked at, one to be tried. */
const HARBOURS = { harbour: ["pier", "quay", "buoy"], wharf: ["crane", "gate", "lamp"] };

async function populate(world: World) {
  for (const { email, name, role } of Object.values(PEOPLE)) {
    if (email !== PEOPLE.admin.email) await api(world, "POST", "/users", { email, name, roles: [role], password: world.password });
  }
  await api(world, "POST", "/projects/openshift/segments", {
    key: "beta-clusters",
    name: "Beta clusters",
    includes: ["cluster-7"],
    rules: [{ id: "s_1", conditions: [{ attribute: "channel", operator: "equals", values: ["candidate"] }] }],
  });
  await api(world, "POST", "/projects/openshift/flags", {
    key: "InstallerRetries",
    type: "number",
    description: "How often the installer tries again",
    owner: "team-installer",
    tags: ["installer"],
    reason: "The installer gives up too early",
    variants: [
      { key: "many", value: 10, description: "For slow clouds" },
      { key: "few", value: 3, description: "As before" },
    ],
    environments: {
      "SelfManagedHA.DevPreviewNoUpgrade": {
        enabled: true,
        offVariant: "few",
        rules: [
          { id: "r_1", name: "Beta clusters", conditions: [{ operator: "segment", values: ["beta-clusters"] }], serve: { variant: "many" } },
          {
            id: "r_2",
            name: "New and German",
            conditions: [
              { attribute: "country", operator: "equals", values: ["de"] },
              { attribute: "version", operator: "semverGreaterThanOrEqual", values: ["4.16.0"] },
            ],
            serve: { rollout: { weights: [{ variant: "many", weight: 30000 }, { variant: "few", weight: 70000 }] } },
          },
        ],
        overrides: [{ id: "o_1", targetingKey: "cluster-1", variant: "many" }],
        fallthrough: { rollout: { weights: [{ variant: "many", weight: 25000 }, { variant: "few", weight: 75000 }] } },
      },
    },
  });
  await api(world, "POST", "/projects/openshift/flags", {
    key: "UpgradeWindow",
    type: "string",
    description: "When clusters may upgrade themselves",
    owner: "team-updates",
    reason: "Upgrades at night",
    variants: [
      { key: "night", value: "22:00-06:00" },
      { key: "weekend", value: "sat,sun" },
      { key: "never", value: "" },
    ],
    environments: { "SelfManagedHA.DevPreviewNoUpgrade": { enabled: true }, "SelfManagedHA.Default": { enabled: true } },
  });
  await api(world, "PUT", "/promotion-gates", {
    reason: "Step by step",
    gates: [
      { from: "development", to: "staging", soakMinutes: 0, approvals: 1, approvers: ["tech-lead"] },
      { from: "staging", to: "production", soakMinutes: 1_440, approvals: 2, approvers: ["tech-lead", "product-owner"] },
    ],
  });
  // What is in production is made while nothing waits for anybody yet.
  for (const [project, flags] of Object.entries(HARBOURS)) {
    await api(world, "POST", "/projects", { key: project, name: project[0]!.toUpperCase() + project.slice(1) });
    await api(world, "POST", `/projects/${project}/environments`, { key: "dev", name: "Development", type: "development" });
    await api(world, "POST", `/projects/${project}/environments`, { key: "production", name: "Production", type: "production", reason: "It opens" });
    for (const key of flags) await api(world, "POST", `/projects/${project}/flags`, { key, reason: "It opens" });
  }
  await api(world, "PUT", "/policies", { policies: [{ project: "openshift", yaml: POLICY }], reason: "Production needs two people" });
}

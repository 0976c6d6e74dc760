/**
 * Checks a proof file in the browser, with nothing but its SHA-256 and ECDSA: what the server says about itself is not believed. The
 * tree is that of RFC 6962, the checkpoint a signed note (C2SP); docs/publishing.md describes both.
 */

export type ProofFile = {
  v: number;
  log: string;
  index: number;
  size: number;
  root: string;
  leafHash: string;
  leaf: string;
  hashes: string[];
  checkpoint?: string | null;
};

/** One step of the check, in words, and whether it holds. */
export type Step = { words: string; holds: boolean; detail: string };

export type Verdict = { holds: boolean; isSigned: boolean; steps: Step[]; root: string; size: number; leaf: unknown };

const LEAF = 0;
const NODE = 1;
const HASH = "sha256:";
const ECDSA = 2;
const KEY_ID_BYTES = 4;

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(...parts: Bytes[]): Promise<Bytes> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

export const hashLeaf = (leaf: Bytes) => sha256(Uint8Array.of(LEAF), leaf);
export const hashNode = (left: Bytes, right: Bytes) => sha256(Uint8Array.of(NODE), left, right);

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), or null where it has another length than such a proof has. */
export async function rootOf(leafHash: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<Bytes | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let [node, last] = [index, size - 1];
  let hash = leafHash;
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = await hashNode(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await hashNode(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}

export const toHex = (bytes: Bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function fromHex(text: string): Bytes {
  const hex = text.startsWith(HASH) ? text.slice(HASH.length) : "";
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error(`"${text}" is no SHA-256`);
  return Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Checks a proof of one entry, and that it is the entry shown. */
export async function verify(file: ProofFile, shown: { index: number; leaf: unknown }, keys: readonly string[]): Promise<Verdict> {
  const steps: Step[] = [];
  const step = (words: string, holds: boolean, detail = "") => {
    steps.push({ words, holds, detail });
    return holds;
  };
  const bytes = fromBase64(file.leaf);
  const leaf: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  step("The proof is about the entry shown here", canonical(leaf) === canonical(shown.leaf) && indexOf(leaf) === shown.index && file.index === shown.index);
  const leafHash = await hashLeaf(bytes);
  step("Its bytes have the hash that the log holds", toHex(leafHash) === toHex(fromHex(file.leafHash)), HASH + toHex(leafHash));
  const root = await rootOf(leafHash, file.index, file.size, file.hashes.map(fromHex));
  step(
    `${file.hashes.length} hashes lead from it to the root of the ${file.size} entries`,
    root !== null && toHex(root) === toHex(fromHex(file.root)),
    root ? HASH + toHex(root) : "",
  );
  if (file.checkpoint) await checkCheckpoint(file, keys, step);
  return { holds: steps.every((item) => item.holds), isSigned: Boolean(file.checkpoint), steps, root: file.root, size: file.size, leaf };
}

async function checkCheckpoint(file: ProofFile, keys: readonly string[], step: (words: string, holds: boolean, detail?: string) => boolean) {
  const note = file.checkpoint!;
  const end = note.indexOf("\n\n");
  const [origin, size, root] = note.slice(0, end).split("\n");
  const isSame =
    end > 0 && origin === file.log && size === String(file.size) && toHex(fromBase64(root ?? "")) === toHex(fromHex(file.root));
  step("The signed checkpoint names the same log, size and root", isSame, `${origin ?? ""}, ${size ?? ""} entries`);
  const text = new TextEncoder().encode(note.slice(0, end + 1));
  const lines = note.slice(end + 2).split("\n").filter((line) => line.startsWith("— "));
  for (const key of keys) {
    const [name, id, encoded] = splitKey(key);
    for (const line of lines) {
      const [, signer, signature] = line.split(" ");
      if (signer !== name || !signature) continue;
      const bytes = fromBase64(signature);
      if (toHex(bytes.slice(0, KEY_ID_BYTES)) !== id) continue;
      step(`${name} signed it`, await verifySignature(fromBase64(encoded), bytes.slice(KEY_ID_BYTES), text), `key ${id}`);
      return;
    }
  }
  step("It is signed by a key that this server names", false);
}

/** A key as signed notes write it: name, id and bytes, joined by plus signs. */
function splitKey(key: string): [string, string, string] {
  const [name = "", id = ""] = key.split("+", 2);
  return [name, id, key.slice(name.length + id.length + 2)];
}

async function verifySignature(key: Bytes, signature: Bytes, text: Bytes): Promise<boolean> {
  if (key[0] !== ECDSA) return false;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const imported = await crypto.subtle.importKey("spki", key.slice(1), algorithm, false, ["verify"]);
  const raw = rawSignature(signature);
  return raw !== null && (await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, imported, raw, text));
}

const SCALAR = 32;

/** An ECDSA signature in ASN.1 (SEQUENCE of two INTEGERs) as WebCrypto takes it: both numbers, 32 bytes each. */
function rawSignature(der: Bytes): Bytes | null {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  const raw = new Uint8Array(SCALAR * 2);
  let at = 2;
  for (const half of [0, 1]) {
    const length = der[at + 1];
    if (der[at] !== 0x02 || length === undefined) return null;
    let number = der.slice(at + 2, at + 2 + length);
    while (number.length > SCALAR && number[0] === 0) number = number.slice(1);
    if (number.length > SCALAR) return null;
    raw.set(number, SCALAR * (half + 1) - number.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}

/** The same text for the same value, whatever the order of members. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}

const indexOf = (leaf: unknown) => (leaf as { idx?: unknown } | null)?.idx;

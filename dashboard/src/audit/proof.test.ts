import { createHash, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { hashLeaf, type ProofFile, rootOf, toHex, verify } from "./proof";

/** A second implementation, straight from the definition of RFC 6962 (2.1), to be compared with. */
const sha = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafOf = (bytes: Buffer) => sha(Buffer.of(0), bytes);
const split = (count: number) => 2 ** Math.floor(Math.log2(count - 1));
const treeOf = (leaves: Buffer[]): Buffer => {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leafOf(leaves[0]!);
  const left = split(leaves.length);
  return sha(Buffer.of(1), treeOf(leaves.slice(0, left)), treeOf(leaves.slice(left)));
};
const pathOf = (index: number, leaves: Buffer[]): Buffer[] => {
  if (leaves.length === 1) return [];
  const left = split(leaves.length);
  return index < left
    ? [...pathOf(index, leaves.slice(0, left)), treeOf(leaves.slice(left))]
    : [...pathOf(index - left, leaves.slice(left)), treeOf(leaves.slice(0, left))];
};
const bytes = (buffer: Buffer) => new Uint8Array(buffer);

const LOG = "test/default/admin";
const COUNT = 11;
const INDEX = 6;
const entries = Array.from({ length: COUNT }, (_, idx) => ({ idx, log: LOG, type: "flag.updated", why: { reason: null } }));
const leaves = entries.map((entry) => Buffer.from(JSON.stringify(entry)));
const hash = (buffer: Buffer) => `sha256:${buffer.toString("hex")}`;

let signer: KeyObject;
let key = "";
let file: ProofFile;
const shown = { index: INDEX, leaf: entries[INDEX] };

function checkpointOf(size: number, root: Buffer): string {
  const text = `${LOG}\n${size}\n${root.toString("base64")}\n`;
  const signature = createSign("sha256").update(text).sign(signer);
  return `${text}\n— test ${Buffer.concat([Buffer.from("01020304", "hex"), signature]).toString("base64")}\n`;
}

beforeAll(() => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  signer = pair.privateKey;
  key = `test+01020304+${Buffer.concat([Buffer.of(2), pair.publicKey.export({ type: "spki", format: "der" })]).toString("base64")}`;
  file = {
    v: 1,
    log: LOG,
    index: INDEX,
    size: COUNT,
    root: hash(treeOf(leaves)),
    leafHash: hash(leafOf(leaves[INDEX]!)),
    leaf: leaves[INDEX]!.toString("base64"),
    hashes: pathOf(INDEX, leaves).map(hash),
    checkpoint: checkpointOf(COUNT, treeOf(leaves)),
  };
});

describe("rootOf", () => {
  test("leads every leaf of every small tree to its root, and no other index", async () => {
    for (let size = 1; size <= 17; size++) {
      const some = Array.from({ length: size }, (_, index) => Buffer.from(`leaf ${index}`));
      const root = treeOf(some).toString("hex");
      for (let index = 0; index < size; index++) {
        const path = pathOf(index, some).map(bytes);
        const leaf = await hashLeaf(bytes(some[index]!));
        expect(toHex((await rootOf(leaf, index, size, path))!)).toBe(root);
        const other = await rootOf(leaf, (index + 1) % size, size, path);
        if (size > 1) expect(other && toHex(other)).not.toBe(root);
        expect(await rootOf(leaf, index, size, [...path, leaf])).toBeNull();
        if (path.length > 0) expect(await rootOf(leaf, index, size, path.slice(1))).toBeNull();
      }
    }
  });

  test.each([
    [-1, 4],
    [4, 4],
    [0, 0],
    [1.5, 4],
    [Number.NaN, 4],
  ])("refuses entry %d of %d", async (index, size) => {
    expect(await rootOf(bytes(sha()), index, size, [])).toBeNull();
  });
});

describe("verify", () => {
  test("accepts a whole proof, step by step", async () => {
    const verdict = await verify(file, shown, ["other+01020304+AA==", key]);
    expect(verdict.steps.filter((step) => !step.holds)).toEqual([]);
    expect(verdict.holds).toBe(true);
    expect(verdict.steps).toHaveLength(5);
  });

  test("accepts a proof without a checkpoint, and says less", async () => {
    const verdict = await verify({ ...file, checkpoint: null }, shown, [key]);
    expect(verdict.holds).toBe(true);
    expect(verdict.steps).toHaveLength(3);
  });

  test("sees every way of tampering", async () => {
    const flipped = Buffer.from(leaves[INDEX]!.toString().replace("updated", "deleted"));
    const other = hash(sha(Buffer.from("other")));
    const broken: [string, ProofFile, typeof shown][] = [
      ["another text", { ...file, leaf: flipped.toString("base64") }, shown],
      ["another text and hash", { ...file, leaf: flipped.toString("base64"), leafHash: hash(leafOf(flipped)) }, shown],
      ["another entry on the screen", file, { index: INDEX, leaf: { ...entries[INDEX], type: "flag.deleted" } as never }],
      ["another index on the screen", file, { ...shown, index: INDEX + 1 }],
      ["another index", { ...file, index: INDEX + 1 }, shown],
      ["another size", { ...file, size: COUNT + 1 }, shown],
      ["another root", { ...file, root: other }, shown],
      ["another hash on the way", { ...file, hashes: [other, ...file.hashes.slice(1)] }, shown],
      ["a hash less", { ...file, hashes: file.hashes.slice(1) }, shown],
      ["a checkpoint of another size", { ...file, checkpoint: checkpointOf(COUNT + 1, treeOf(leaves)) }, shown],
      ["a checkpoint of another root", { ...file, checkpoint: checkpointOf(COUNT, sha()) }, shown],
      ["a checkpoint edited after it was signed", { ...file, checkpoint: `${file.checkpoint}`.replace(LOG, "test/other/admin") }, shown],
    ];
    for (const [what, proof, entry] of broken) expect((await verify(proof, entry, [key])).holds, what).toBe(false);
  });

  test("believes no signature of a key that nobody named", async () => {
    const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "der" });
    expect((await verify(file, shown, [])).holds).toBe(false);
    const impostor = `test+01020304+${Buffer.concat([Buffer.of(2), stranger]).toString("base64")}`;
    expect((await verify(file, shown, [impostor])).holds).toBe(false);
  });
});

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { configDefaults } from "vitest/config";

/** Writes each text file compressed beside itself, so that the server compresses nothing while it answers. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    // Once the files are as they will be: other plugins finish them while the bundle is written.
    async writeBundle(options) {
      const folder = options.dir!;
      for (const name of await readdir(folder, { recursive: true })) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const file = join(folder, name);
        const plain = await readFile(file);
        const small = {
          ".br": brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
          ".gz": gzipSync(plain, { level: 9 }),
        };
        for (const [extension, bytes] of Object.entries(small)) {
          if (bytes.length < plain.length) await writeFile(file + extension, bytes);
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  // The server puts a nonce of its own into each answer.
  html: { cspNonce: "__NONCE__" },
  build: { target: "es2023", sourcemap: false, assetsInlineLimit: 0, manifest: true },
  server: {
    proxy: Object.fromEntries(["/api", "/auth"].map((path) => [path, process.env.HALYARD_URL ?? "http://127.0.0.1:8080"])),
  },
  test: { include: ["src/**/*.test.ts"], exclude: configDefaults.exclude },
});

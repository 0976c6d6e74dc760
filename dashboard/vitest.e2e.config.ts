import { defineConfig } from "vitest/config";

/** End to end: a real server, a real browser. One file after the other, for both are there once. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    globalSetup: "e2e/world.ts",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

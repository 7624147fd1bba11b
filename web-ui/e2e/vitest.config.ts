import { defineConfig } from "vitest/config";

// One training, watched by one browser: the tests follow each other in one file.
export default defineConfig({
  test: { include: ["e2e/*.e2e.ts"], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
});

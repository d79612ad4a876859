import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reporters } from '../reporters.ts'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/nightly/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    chaiConfig: { truncateThreshold: 2000 },
    hookTimeout: 300_000,
    reporters: reporters(),
  },
})

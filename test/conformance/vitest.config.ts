import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reporters } from '../reporters.ts'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/conformance/**/*.test.ts'],
    globalSetup: ['test/conformance/kafka/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    // What is polled for comes, if it comes, however busy the machine is.
    expect: { poll: { timeout: 20_000 } },
    chaiConfig: { truncateThreshold: 2000 },
    hookTimeout: 120_000,
    reporters: reporters(),
  },
})

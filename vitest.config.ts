import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { reporters } from './test/reporters.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/nightly/**', 'test/bench/**', 'test/golden/**'],
    testTimeout: 30_000,
    // What is polled for comes, if it comes, however busy the machine is.
    expect: { poll: { timeout: 20_000 } },
    // A failure is told whole, also where only its message is kept.
    chaiConfig: { truncateThreshold: 2000 },
    // Left to itself Vitest leaves one core alone, which is half of a machine with two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // No module has state that a test could leave to the next: to load all of them anew for each file is a third of the time.
    isolate: false,
    reporters: reporters(),
  },
})

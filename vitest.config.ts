import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { reporters } from './test/reporters.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/bench/**', 'test/golden/**'],
    testTimeout: 30_000,
    // Nothing here has state in a module, so files can share a process, which then loads each module once.
    isolate: false,
    // Left to itself Vitest leaves one core alone, which is half of a machine with two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: reporters(),
  },
})

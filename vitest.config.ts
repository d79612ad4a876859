import { defineConfig } from 'vitest/config'
import { reporters } from './test/reporters.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/bench/**', 'test/golden/**'],
    testTimeout: 30_000,
    reporters: reporters(),
  },
})

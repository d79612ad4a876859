import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reporters } from '../reporters.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const tests = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.test.ts'),
)
/** They ask the Kafka that is there for all, and say so themselves; or take so long that both halves are alike by that. */
const LONG = ['local-broker.test.ts', 'group-stories.test.ts']
const shared = tests.filter(
  (path) => LONG.includes(path) || readFileSync(here + path, 'utf8').includes("inject('kafka')"),
)

/** Neither half is in the way of the other: they may run side by side. */
export default defineConfig({
  test: {
    reporters: reporters(),
    projects: [
      half('shared', shared, 'start-for-all.ts'),
      half(
        'own',
        tests.filter((path) => !shared.includes(path)),
        'fetch.ts',
      ),
    ],
  },
})

function half(name: string, files: readonly string[], setup: string) {
  return {
    test: {
      name,
      root: fileURLToPath(new URL('../..', import.meta.url)),
      include: files.map((path) => `test/conformance/${path}`),
      globalSetup: [`test/conformance/kafka/${setup}`],
      fileParallelism: false,
      testTimeout: 60_000,
      // What is polled for comes, if it comes, however busy the machine is.
      expect: { poll: { timeout: 20_000 } },
      chaiConfig: { truncateThreshold: 2000 },
      hookTimeout: 120_000,
    },
  }
}

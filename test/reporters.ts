import type { TestUserConfig } from 'vitest/node'

/** For people always; with KTOOL_TEST_REPORT=<file> also as JSON, which CI counts. */
export function reporters(): NonNullable<TestUserConfig['reporters']> {
  const outputFile = process.env.KTOOL_TEST_REPORT
  return outputFile === undefined ? ['default'] : ['default', ['json', { outputFile }]]
}

import type { TestProject } from 'vitest/node'
import { setup as fetch } from './fetch.ts'
import { type Kafka, startKafka } from './start.ts'

declare module 'vitest' {
  interface ProvidedContext {
    kafka: Kafka
  }
}

/** One Apache Kafka for all tests. Its log stays in the cache; the rest goes with it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await fetch()
  const { kafka, stop } = await startKafka()
  project.provide('kafka', kafka)
  return stop
}

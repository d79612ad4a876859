import { cpSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { fetchLibs } from '../conformance/kafka/java.ts'
import { type OwnKafka, startOwnKafka } from '../conformance/kafka/start-own.ts'
import { connected } from '../conformance/wire/connection.ts'
import { createTopic } from '../conformance/wire/topics.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'

/** Each writes snapshots of what the other wrote. */
const bySnapshots = 'metadata.log.max.record.bytes.between.snapshots'
const properties = { [bySnapshots]: 500 }

let kafka: OwnKafka | undefined

beforeAll(fetchLibs)
afterAll(() => kafka?.remove())

it('A directory of the oldest metadata.version goes to the local broker and back, and back to the copy that was kept', {
  timeout: 200_000,
}, async () => {
  kafka = await startOwnKafka('older-directory', { features: { 'metadata.version': 7 }, properties })
  const { logDir } = kafka
  await withTopic(kafka, 'a')

  const ours = await brokerInProcess({ dataDir: logDir, settings: { [bySnapshots]: '500' } })
  await withTopic(ours, 'b')

  const again = await startOwnKafka('older-directory-again', { former: kafka, properties })
  expect(await topicsOf(again.port)).toEqual(['a', 'b'])
  await withTopic(again, 'c')

  const after = `${logDir}-after`
  const [copy = ''] = readdirSync(join(logDir, '__cluster_metadata-0')).filter((name) =>
    name.startsWith('before-ktool-'),
  )
  mkdirSync(after)
  renameSync(join(logDir, '__cluster_metadata-0'), join(after, 'metadata'))
  cpSync(join(after, 'metadata', copy), logDir, { recursive: true })
  const back = await startOwnKafka('older-directory-back', { former: kafka, properties })
  expect(await topicsOf(back.port)).toEqual(['a'])
  await back.stop()
})

async function withTopic(broker: { port: number; stop(): Promise<void> }, name: string): Promise<void> {
  try {
    await connected(broker.port, (connection) => createTopic(connection, name))
  } finally {
    await broker.stop()
  }
}

function topicsOf(port: number): Promise<(string | null)[]> {
  return connected(port, async (connection) => {
    const { topics } = await connection.ask(metadata, 12, { topics: null })
    return topics.map(({ name }) => name).sort()
  })
}

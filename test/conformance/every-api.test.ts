import { beforeAll, describe, expect, inject, it } from 'vitest'
import { advertisedVersions } from '../../src/lib/protocol/releases.ts'
import { kafkaVersion } from './kafka/places.ts'
import { Connection, connected } from './wire/connection.ts'
import { everyApi, requestOf, type World } from './wire/requests.ts'
import { createTopic } from './wire/topics.ts'

const { ports } = inject('kafka')
const world: World = { topic: 'every-api', missing: 'no-such-topic' }

/** Kafka advertises them for the sake of old clients, and closes the connection when they come. */
const notServed: Record<string, number[]> = { Produce: [0, 1, 2] }

const rows = everyApi.flatMap((api) => {
  const range = advertisedVersions(kafkaVersion, api.key)
  if (range === undefined) return []
  const versions = Array.from({ length: range.max - range.min + 1 }, (_, index) => range.min + index)
  return [
    { api, name: api.name, versions: versions.filter((version) => !notServed[api.name]?.includes(version)) },
  ]
})

beforeAll(async () => {
  await connected(ports.plain, (connection) => createTopic(connection, world.topic))
})

describe('Apache Kafka understands our requests, and we its answers to the last byte', () => {
  it.each(rows)('$name, versions $versions', async ({ api, versions }) => {
    for (const version of versions) {
      const body = requestOf(api, version, world)
      await connected(ports.plain, (connection) => connection.askEncoded(api, version, body))
    }
  })

  it('and closes the connection on versions that it lists but does not serve', async () => {
    for (const [name, versions] of Object.entries(notServed)) {
      const api = everyApi.find((candidate) => candidate.name === name)
      for (const version of versions) {
        const connection = await Connection.open(ports.plain)
        const body = api?.request.encode({}, version) ?? Buffer.alloc(0)
        await expect(connection.exchange(api?.key ?? 0, version, 1, body)).rejects.toThrow('closed')
      }
    }
  })
})

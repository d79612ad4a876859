import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalBroker, startLocalBroker } from '../conformance/clients/local-broker.ts'
import { clients, everything, installClients, prefix, said } from '../conformance/clients/workloads.ts'
import { compileJava, fetchJars, fetchLibs, javaOf } from '../conformance/kafka/java.ts'
import { javaSources } from '../conformance/kafka/places.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const olderLibs = `${root}.cache/kafka-3.9.1/libs/`

/** Java reads the source, so that it is compiled for the client that it is started with. */
const olderJava = async (...args: [string, string]) =>
  said(await javaOf(`${olderLibs}*`, `${javaSources}ClientWorkload.java`, args))

const all = Object.entries({ ...clients, 'the Java client of Kafka 3.9.1': olderJava })
/** Its Metadata is newer than that Kafka, which closes the connection. */
const tooNew = (asVersion: string, name: string) => asVersion === '2.8' && name === '@platformatic/kafka'

beforeAll(async () => {
  await fetchLibs()
  await fetchJars(`${root}test/nightly/kafka-3.9.1/pom.xml`, olderLibs)
  await compileJava()
  await installClients()
}, 600_000)

describe.each(['2.8', '3.9', '4.0'])('a broker that passes for Kafka %s', (asVersion) => {
  let local: LocalBroker

  beforeAll(async () => {
    local = await startLocalBroker(['--ephemeral', '--as-version', asVersion])
  })
  afterAll(async () => {
    expect(await local.stop()).toBe(0)
  })

  it.each(all)('serves %s, or refuses it, as that Kafka does', async (name, client) => {
    const done = client(local.bootstrap, prefix())
    if (tooNew(asVersion, name)) await expect(done).rejects.toThrow('Connection closed')
    else expect(await done).toEqual(everything)
  })
})

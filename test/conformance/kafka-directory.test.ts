import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startLocalBroker } from './clients/local-broker.ts'
import { DirectoryStory, expectKept, recordsAt, startStreamsGroup } from './directory-story.ts'
import { java } from './kafka/java.ts'
import { freePorts } from './kafka/start.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { workloadProperties } from './state-workload.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-handover-'))
const story = new DirectoryStory()
let first: OwnKafka | undefined

afterAll(async () => {
  await story.stop()
  first?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required'

const settings = [
  'metadata.log.max.record.bytes.between.snapshots=3000',
  'log.retention.ms=-1',
  'log.index.size.max.bytes=65536',
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS',
].flatMap((setting) => ['-X', setting])

/** Compaction of them is part of the story. */
const isCompacted = (partition: string) => /^(__|payments-)/.test(partition)

it('A directory goes from Apache Kafka to this broker and back, again and again, and nothing of it is lost', {
  timeout: 270_000,
}, async () => {
  const { sasl } = await freePorts()
  const login = join(folder, 'login.properties')
  writeFileSync(
    login,
    `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${plain} username="carol" password="c";\n`,
  )
  const options = {
    isFirstVoter: true,
    listeners: [{ name: 'LOGIN', port: sasl, protocol: 'SASL_PLAINTEXT' }],
    properties: {
      ...workloadProperties,
      'super.users': 'User:ANONYMOUS;User:carol',
      'group.coordinator.rebalance.protocols': 'classic,consumer,streams,share',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.login.plain.sasl.jaas.config': `${plain} user_carol="c";`,
      'delegation.token.secret.key': 'the secret of the broker',
      'broker.session.timeout.ms': 1000,
      'broker.heartbeat.interval.ms': 200,
      // Snapshots, and segments behind them.
      'metadata.log.max.record.bytes.between.snapshots': 3000,
      'internal.metadata.log.segment.bytes': 4000,
    },
  }
  first = await startOwnKafka('kafka-directory', options)
  const { logDir } = first
  await java('ClusterStateWorkload', [String(first.port)])
  await story.letReadFast(first.port)
  await story.makeToken(sasl, login)
  await startStreamsGroup(first.port)
  const keptByKafka = await story.toldByKafka(first.port, sasl, login)
  let records = await recordsAt(first.port)
  let told = await story.told(first.port)
  await first.stop()

  for (const [round, end] of (['stop', 'kill', 'stop'] as const).entries()) {
    // Each of Kafka's tools takes a while: the one handover that they do not look at has a crash on either side.
    const isAsked = end === 'stop'
    const ours = await startLocalBroker(['--data-dir', logDir, ...settings])
    const port = Number(ours.bootstrap.split(':')[1])
    expectKept(records, await recordsAt(port), isCompacted)
    if (round === 0) expect(await story.told(port)).toEqual(told)
    await java('HandoverWorkload', [String(port), `ours-${round}`])
    if (isAsked) told = await story.told(port)
    records = await recordsAt(port)
    await ours[end]()

    const kafka = await startOwnKafka(`kafka-directory-${round}`, { ...options, former: first })
    expectKept(records, await recordsAt(kafka.port), isCompacted)
    if (isAsked) expect(await story.told(kafka.port)).toEqual(told)
    if (round === 2) await expectToldByKafka(kafka.port)
    else await java('HandoverWorkload', [String(kafka.port), `kafka-${round}`])
    records = await recordsAt(kafka.port)
    await kafka[end]()
  }

  async function expectToldByKafka(port: number): Promise<void> {
    const kept = await story.toldByKafka(port, sasl, login)
    for (const [name, lines] of Object.entries(keptByKafka)) {
      expect(kept[name], name).toEqual(expect.arrayContaining([...lines]))
    }
  }

  const copies = readdirSync(join(logDir, '__cluster_metadata-0')).filter((name) => /before-ktool/.test(name))
  expect(copies).toHaveLength(3)
})

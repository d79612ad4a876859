import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { type Codec, codecs } from '../../src/lib/compression/codec.ts'
import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { listOffsets } from '../../src/lib/protocol/apis/list-offsets.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { java } from './kafka/java.ts'
import { Connection, connected } from './wire/connection.ts'
import { batchesIn, fetchAll, type PlainRecord, produceBatch, recordsIn, type Topic } from './wire/produce.ts'
import { createTopic } from './wire/topics.ts'
import { versionAt } from './wire/versions.ts'

const { ports, logDir } = inject('kafka')
const run = promisify(execFile)
const START_MS = 1_768_435_200_000
const UNSUPPORTED_COMPRESSION_TYPE = 76

const produceVersions = versionsOf(produce)
const fetchVersions = versionsOf(fetch)

describe.each(codecs)('batches of ours, compressed with %s', (codec) => {
  const expected = versionsFor(codec).map((version) => someRecords(version))
  let topic: Topic

  beforeAll(async () => {
    topic = await connected(ports.plain, async (connection) => {
      const name = `records-${codec}`
      return { name, topicId: await createTopic(connection, name) }
    })
    const connection = await Connection.open(ports.plain)
    for (const [index, version] of versionsFor(codec).entries()) {
      const batch = encode(expected[index] ?? [], codec)
      const answer = await produceBatch(connection, topic, batch, { version })
      expect(answer, `Produce v${version}`).toEqual({ errorCode: 0, baseOffset: BigInt(index * COUNT) })
    }
    connection.close()
  })

  it('come back from Kafka as they went, through every version of Fetch', async () => {
    const connection = await Connection.open(ports.plain)
    for (const version of fetchVersions) {
      const partition = await fetchAll(connection, topic, version)
      expect(batchesIn(partition.records).map(recordsIn), `Fetch v${version}`).toEqual(expected)
    }
    connection.close()
  })

  it('end where ListOffsets says, at every version', async () => {
    const connection = await Connection.open(ports.plain)
    for (const version of versionsOf(listOffsets)) {
      const partitions = [{ partitionIndex: 0, timestamp: -1n }]
      const answer = await connection.ask(listOffsets, version, {
        replicaId: -1,
        topics: [{ name: topic.name, partitions }],
      })
      expect(answer.topics[0]?.partitions[0]?.offset).toBe(BigInt(expected.flat().length))
    }
    connection.close()
  })

  it('are valid and whole to Kafka’s own DumpLogSegments', async () => {
    const segment = join(logDir, `${topic.name}-0`, '00000000000000000000.log')
    const dump = await java('org.apache.kafka.tools.DumpLogSegments', [
      '--deep-iteration',
      '--print-data-log',
      '--files',
      segment,
    ])
    const batches = dump.split('\n').filter((line) => line.startsWith('baseOffset:'))
    expect(batches).toHaveLength(expected.length)
    for (const batch of batches) {
      expect(batch).toContain(` isvalid: true`)
      expect(batch).toContain(` compresscodec: ${codec} `)
    }
    expect(dump.match(/^\| offset: /gm)).toHaveLength(expected.flat().length)
    for (const { key, value } of expected.flat()) {
      if (key !== null && value !== null) expect(dump).toContain(`key: ${key} payload: ${value}\n`)
    }
  })

  it('reach librdkafka as they were written', async () => {
    const address = `127.0.0.1:${ports.plain}`
    const args = ['-C', '-b', address, '-t', topic.name, '-o', 'beginning', '-e', '-q', '-J']
    const { stdout } = await run('kcat', args, { maxBuffer: 1 << 26 })
    const lines = stdout.split('\n').slice(0, -1)
    expect(lines.map((line) => kcatRecord(JSON.parse(line) as KcatLine))).toEqual(expected.flat())
  })

  it('reach a Java consumer as they were written', async () => {
    const printed = await java(
      'org.apache.kafka.tools.consumer.ConsoleConsumer',
      consumerArgs(topic.name, expected.flat().length),
    )
    expect(printed.split('\n').slice(0, -1)).toEqual(expected.flat().map(consoleLine))
  })
})

describe('zstd', () => {
  it('is refused by Kafka where the version of Produce is too old for it', async () => {
    await connected(ports.plain, async (connection) => {
      const topicId = await createTopic(connection, 'records-too-old')
      const batch = encode(someRecords(0), 'zstd')
      const answer = await produceBatch(connection, { name: 'records-too-old', topicId }, batch, {
        version: 6,
      })
      expect(answer.errorCode).toBe(UNSUPPORTED_COMPRESSION_TYPE)
    })
  })
})

const COUNT = 6

function someRecords(version: number): PlainRecord[] {
  return [
    { key: `key-${version}`, value: 'plain', headers: [] },
    { key: null, value: 'without a key', headers: [] },
    { key: `gone-${version}`, value: null, headers: [] },
    { key: '', value: '', headers: [['', '']] },
    {
      key: 'ключ',
      value: '值🙂',
      headers: [
        ['a', 'b'],
        ['a', null],
      ],
    },
    { key: 'long', value: `repeated ${version} `.repeat(300), headers: [['n', 'v'.repeat(200)]] },
  ]
}

function encode(records: PlainRecord[], codec: Codec): Buffer {
  const writer = new BatchWriter({ codec })
  for (const [index, { key, value, headers }] of records.entries()) {
    writer.append({
      timestamp: START_MS + index,
      key: asBytes(key),
      value: asBytes(value),
      headers: headers.map(([name, text]) => ({ key: Buffer.from(name), value: asBytes(text) })),
    })
  }
  return writer.finish()
}

function asBytes(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text)
}

function versionsFor(codec: Codec): number[] {
  return codec === 'zstd' ? produceVersions.filter((version) => version >= 7) : produceVersions
}

function versionsOf(api: Parameters<typeof versionAt>[0]): number[] {
  const lowest = versionAt(api, 0)
  return Array.from({ length: versionAt(api, 99) - lowest + 1 }, (_, index) => lowest + index)
}

interface KcatLine {
  key: string | null
  payload: string | null
  headers?: (string | null)[]
}

/** kcat strings names and values of headers together. */
function kcatRecord({ key, payload, headers = [] }: KcatLine): PlainRecord {
  const names = headers.filter((_, index) => index % 2 === 0)
  return {
    key,
    value: payload,
    headers: names.map((name, index) => [name ?? '', headers[index * 2 + 1] ?? null]),
  }
}

function consumerArgs(topic: string, count: number): string[] {
  const properties = [
    'print.offset=true',
    'print.key=true',
    'print.headers=true',
    'null.literal=<null>',
    'key.separator=|',
    'headers.separator=,',
  ]
  return [
    ...['--bootstrap-server', `127.0.0.1:${ports.plain}`, '--topic', topic, '--from-beginning'],
    ...['--max-messages', String(count), '--timeout-ms', '20000'],
    ...properties.flatMap((property) => ['--formatter-property', property]),
  ]
}

function consoleLine({ key, value, headers }: PlainRecord, offset: number): string {
  const words = headers.map(([name, text]) => `${name}:${text ?? '<null>'}`).join(',')
  return [`Offset:${offset}`, words === '' ? 'NO_HEADERS' : words, key ?? '<null>', value ?? '<null>'].join(
    '|',
  )
}

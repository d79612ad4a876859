import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { addressFirst, calls, files } from './console-calls.ts'
import { KafkaTools, type ToolName } from './kafka/tools.ts'
import { TransactionStory } from './transaction-story.ts'
import { connected } from './wire/connection.ts'
import { TRANSACTION, untilCoordinated } from './wire/coordinators.ts'

const { ports, logDir } = inject('kafka')
const folder = mkdtempSync(join(tmpdir(), 'ktool-console-tools-'))
const dataDir = join(folder, 'data')
const kafkaTools = new KafkaTools()
const ourTools = new KafkaTools()
let rig: BrokerInProcess

beforeAll(async () => {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  rig = await brokerInProcess({ dataDir, settings: { 'log.retention.ms': '-1' } })
})

afterAll(async () => {
  await Promise.all([kafkaTools.stop(), ourTools.stop(), rig?.[Symbol.asyncDispose]()])
  rmSync(folder, { recursive: true, force: true })
})

/** What each of the lines brought: its exit code, and what it printed. */
async function told(tools: KafkaTools, port: number, lines: readonly string[]): Promise<string[]> {
  const results: string[] = []
  for (const line of lines) {
    const [name = '', ...args] = line.replaceAll('FILES', folder).split(' ')
    const flag = name === 'replica-verification' ? '--broker-list' : '--bootstrap-server'
    const at = [flag, `127.0.0.1:${port}`]
    const argv = addressFirst.includes(name) ? [...at, ...args] : [...args, ...at]
    const { status, stdout, stderr } = await tools.run(name as ToolName, argv)
    results.push(
      `$ ${line}\n${ofBoth(line, `${stdout}${stderr}exit ${status}`.replaceAll(`${port}`, 'PORT'))}`,
    )
  }
  return results
}

/** Without what is true of one broker, one moment or one trace of Java's only. */
function ofBoth(line: string, text: string): string {
  const said = text
    .replaceAll(logDir, 'DIR')
    .replaceAll(dataDir, 'DIR')
    .replaceAll(/^\s+at .*\n|^\s*\.\.\. \d+ more\n/gm, '')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d+Z?|\b\d{13}\b/g, 'TIME')
    .replaceAll(/(?<=Epoch: +)\d+/g, 'EPOCH')
  if (line.includes('--list') || line.includes('--describe --entity'))
    return said.replaceAll(OF_OTHERS, '').replaceAll(PADDING, ' ')
  if (line.startsWith('metadata-quorum')) return said.replaceAll(OF_ONE_QUORUM, '…').replace(ENDPOINTS, '')
  if (line.startsWith('broker-api-versions')) return said.replaceAll(STREAMS, '')
  if (line.startsWith('transactions')) return said.replaceAll(OF_ONE_PRODUCER, '$1…')
  return said
}

/** Other tests leave groups, subscriptions and settings with the Kafka that is there for all. */
const OF_OTHERS =
  /^(?!.*(?:console(?!-consumer-)|127\.0\.0\.77|max\.connections|default |exit |Error|Caused)).*\n/gm
/** A column is as wide as the longest that stands in it. */
const PADDING = / +(?=\S|$)/gm
/** Its id, its directory and its end. */
const OF_ONE_QUORUM = /(?<=Id: +)[\w-]{22}|[\w-]{22}(?= *\t)|(?<=HighWatermark: +|\t)\d+ *(?=\t|$)/gm
/** Here the controller has none. */
const ENDPOINTS = /, "endpoints": \[.*?\]/
/** Kafka Streams has no groups of its own kind here. */
const STREAMS = /^\tStreamsGroup.*\n/gm
const OF_ONE_PRODUCER = /(\t|^)\d+\s*(?=\t)/gm

describe('Kafka’s own tools say the same of the local broker as of Kafka', () => {
  it.each(Object.entries(calls))('%s', { timeout: 120_000 }, async (title, text) => {
    const lines = text.trim().split(/\n\s*/)
    if (title === 'transactions') await Promise.all([openTransaction(ports.plain), openTransaction(rig.port)])
    const [kafkas, ours] = await Promise.all([
      told(kafkaTools, ports.plain, lines),
      told(ourTools, rig.port, lines),
    ])
    expect(ours).toEqual(kafkas)
  })
})

async function openTransaction(port: number): Promise<void> {
  const who = { back: 0, idShift: 0, epochShift: 0 }
  await connected(port, async (connection) => {
    await untilCoordinated(connection, TRANSACTION, ['console-open'])
    await new TransactionStory(connection, 'console', 'console-open').tell([
      { kind: 'init', version: 4, who: null },
      { kind: 'add', version: 3, who, partitions: [0], verifyOnly: false },
      { kind: 'produce', version: 11, who, partition: 0 },
    ])
  })
}

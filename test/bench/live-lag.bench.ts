/**
 * `ktool lag` of a live cluster, beside Kafka's own script where Java and its jars are at hand, and beside kcl and kaf
 * where they are installed: one group, and 1,000 groups that have committed 100 partitions each of 10,000 together.
 * Whole processes, start and output included, against a local broker that is started for it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { offsetCommit } from '../../src/lib/protocol/apis/offset-commit.ts'
import { type Connection, connected } from '../conformance/wire/connection.ts'
import { libs, removeDir, startOurs } from './broker/brokers.ts'

const GROUPS = 1000
const TOPICS = 100
const PARTITIONS = 100
const HELD_ALL_SECONDS = 2
const HELD_OVER_NODE_MS = 60
const HELD_SHARE_OF_SCRIPT = 1 / 6
const ROUNDS = 11

const bin = fileURLToPath(new URL('../../bin/ktool.js', import.meta.url))
const consumerGroups = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'
const cache = mkdtempSync(join(tmpdir(), 'ktool-bench-'))
const env = { ...process.env, XDG_CACHE_HOME: cache }

interface Contender {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

async function fill(port: number): Promise<void> {
  await connected(port, async (connection) => {
    for (let first = 0; first < TOPICS; first += 10) await makeTopics(connection, first, 10)
    await coordinatorReady(connection)
    for (let group = 0; group < GROUPS; group++) await commit(connection, group)
  })
}

async function makeTopics(connection: Connection, first: number, count: number): Promise<void> {
  const topics = Array.from({ length: count }, (_, i) => ({
    name: `topic-${first + i}`,
    numPartitions: PARTITIONS,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }))
  const answer = await connection.ask(createTopics, 7, { topics, timeoutMs: 60_000 })
  for (const { errorCode } of answer.topics)
    if (errorCode !== 0) throw new Error(`CreateTopics: ${errorCode}`)
}

async function coordinatorReady(connection: Connection): Promise<void> {
  for (;;) {
    const { coordinators } = await connection.ask(findCoordinator, 4, {
      keyType: 0,
      coordinatorKeys: ['service-0'],
    })
    if (coordinators[0]?.errorCode === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function commit(connection: Connection, group: number): Promise<void> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partitionIndex) => ({
    partitionIndex,
    committedOffset: 0n,
    committedMetadata: '',
  }))
  const question = { groupId: `service-${group}`, topics: [{ name: `topic-${group % TOPICS}`, partitions }] }
  const answer = await connection.ask(offsetCommit, 9, question)
  const errorCode = answer.topics[0]?.partitions[0]?.errorCode
  if (errorCode !== 0) throw new Error(`OffsetCommit: ${errorCode}`)
}

function millisecondsOf({ name, command, args }: Contender): number {
  const start = process.hrtime.bigint()
  const { status } = spawnSync(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  if (status !== 0) throw new Error(`${name} ended with ${status}`)
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Turn by turn, so that whatever else the machine does falls on all of them. */
function race(contenders: readonly Contender[], rounds: number): Map<string, number> {
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) samples.get(contender.name)?.push(millisecondsOf(contender))
  }
  const medians = [...samples].map(([name, each]) => {
    const sorted = each.toSorted((a, b) => a - b)
    const median = sorted[sorted.length >> 1] ?? Number.NaN
    console.log(
      `${name.padEnd(34)} median ${median.toFixed(0).padStart(6)} ms  best ${(sorted[0] ?? 0).toFixed(0)} ms`,
    )
    return [name, median] as const
  })
  return new Map(medians)
}

function ours(name: string, ...args: string[]): Contender {
  return { name, command: process.execPath, args: [bin, 'lag', ...args] }
}

function script(name: string, bootstrap: string, which: readonly string[]): Contender[] {
  if (!existsSync(libs) || spawnSync('java', ['-version']).status !== 0) return []
  const args = ['-cp', `${libs}*`, consumerGroups, '--bootstrap-server', bootstrap, '--describe', ...which]
  return [{ name, command: 'java', args }]
}

/** Of clients that somebody else wrote, those that are there. */
function installed(bootstrap: string): Contender[] {
  const known = [
    {
      name: 'kcl group describe',
      command: 'kcl',
      args: ['--no-config-file', '-B', bootstrap, 'group', 'describe', 'service-7'],
    },
    { name: 'kaf group describe', command: 'kaf', args: ['-b', bootstrap, 'group', 'describe', 'service-7'] },
  ]
  return known.filter(({ command }) => spawnSync(command, ['--help']).error === undefined)
}

function hold(what: string, value: number, limit: number, unit: string): void {
  const verdict = value > limit ? ' EXCEEDED' : ''
  console.log(`  ${what}: ${value.toFixed(2)} ${unit}, held to ${limit.toFixed(2)} ${unit}${verdict}`)
  if (value > limit) process.exitCode = 1
}

function oneGroup(bootstrap: string): void {
  const node = 'node -e 0'
  const own = 'ktool lag GROUP'
  const kafkas = 'kafka-consumer-groups --describe'
  const medians = race(
    [
      { name: node, command: process.execPath, args: ['-e', '0'] },
      ours(own, 'service-7', '-b', bootstrap),
      ...installed(bootstrap),
      ...script(kafkas, bootstrap, ['--group', 'service-7']),
    ],
    ROUNDS,
  )
  const mine = medians.get(own) ?? Number.NaN
  hold('over a bare start of Node', mine - (medians.get(node) ?? 0), HELD_OVER_NODE_MS, 'ms')
  const theirs = medians.get(kafkas)
  if (theirs !== undefined) hold("of the time of Kafka's script", mine / theirs, HELD_SHARE_OF_SCRIPT, '×')
}

function allGroups(bootstrap: string): void {
  for (const format of ['table', 'jsonl', 'json', 'csv']) {
    const name = `ktool lag --all -o ${format}`
    const median = race([ours(name, '--all', '-o', format, '-b', bootstrap)], 3).get(name) ?? Number.NaN
    hold('all groups', median / 1000, HELD_ALL_SECONDS, 's')
  }
  race(script('kafka-consumer-groups --all-groups', bootstrap, ['--all-groups']), 1)
}

const broker = await startOurs()
try {
  await fill(broker.port)
  const bootstrap = `127.0.0.1:${broker.port}`
  console.log(`one group of ${PARTITIONS} partitions`)
  oneGroup(bootstrap)
  console.log(`${GROUPS} groups of ${PARTITIONS} partitions, ${TOPICS * PARTITIONS} partitions in all`)
  allGroups(bootstrap)
} finally {
  await broker.stop()
  removeDir(broker.dataDir)
  rmSync(cache, { recursive: true, force: true })
}

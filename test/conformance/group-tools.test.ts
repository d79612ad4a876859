import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { randomDraw, seedOfRun } from '../random.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { changes, looksAround, type Question } from './group-tools/questions.ts'
import { type RunningJava, startJava } from './kafka/java.ts'
import { groupSettings } from './kafka/server-properties.ts'
import { KafkaTools, type ToolRun } from './kafka/tools.ts'
import { eventually } from './wire/coordinators.ts'

const seed = seedOfRun()
const draw = randomDraw(seed)
/** A third of what changes nothing, or all of it: KTOOL_QUESTIONS=all. */
const part = looksAround.filter(() => draw() < 1 / 3)
const questions = [...(process.env.KTOOL_QUESTIONS === 'all' ? looksAround : part), ...changes]

const prefix = `tools-${process.pid}-`
const folder = mkdtempSync(join(tmpdir(), 'ktool-group-tools-'))
const file = join(folder, 'offsets.csv')

let ours: BrokerInProcess
let tools: readonly KafkaTools[] = []
let sceneries: readonly RunningJava[] = []
let places: readonly string[] = []

beforeAll(async () => {
  const own = { 'offsets.topic.num.partitions': '3', 'share.coordinator.state.topic.num.partitions': '3' }
  ours = await brokerInProcess({
    settings: { ...groupSettings, ...own, 'auto.create.topics.enable': 'false' },
  })
  places = [`127.0.0.1:${inject('kafka').ports.plain}`, ours.bootstrap]
  sceneries = places.map((bootstrap) => startJava('GroupScenery', [bootstrap, prefix]))
  tools = places.map(() => new KafkaTools())
  writeFileSync(file, [`${prefix}left,${prefix}a,0,1`, `${prefix}was,${prefix}a,1,6`, ''].join('\n'))
  await eventually(async () => {
    for (const each of sceneries) if (each.lastLine() !== 'ready') throw new Error('not ready')
  })
}, 120_000)

afterAll(async () => {
  await Promise.all([...sceneries, ...tools].map((each) => each.stop()))
  await ours[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

it(`Kafka’s tools print of groups on the local broker what they print on Apache Kafka, seed ${seed}`, async () => {
  const [onKafka, onOurs] = await Promise.all(places.map((bootstrap, i) => answers(tools[i], bootstrap)))
  expect(onOurs).toEqual(onKafka)
}, 180_000)

it('groups of Kafka Streams are refused, and those of other types are no such groups', async () => {
  const run = (args: string) =>
    tools[1]?.run('streams-groups', ['--bootstrap-server', ours.bootstrap, ...args.split(' ')])
  expect(await run('--list')).toEqual({ status: 0, stdout: '', stderr: '' })
  const described = await run('--describe --group any')
  expect(described?.stdout).toContain('The node does not support STREAMS_GROUP_DESCRIBE')
  expect(described?.status).toBe(1)
  const deleted = await run(`--delete --group ${prefix}classic`)
  expect(deleted?.stdout).toContain('does not exist or is not a streams group.')
})

async function answers(tool: KafkaTools | undefined, bootstrap: string): Promise<string[]> {
  const told: string[] = []
  for (const [name, args] of questions) {
    const said = args.replaceAll('%', prefix).replaceAll('FILE', file).split(' ').filter(Boolean)
    const run = await tool?.run(name, ['--bootstrap-server', bootstrap, ...said])
    if (run !== undefined) told.push(text([name, args], run))
  }
  return told
}

/** Of groups of other tests nothing; and of whatever is another one each time, that it is there. */
function text([name, args]: Question, { status, stdout, stderr }: ToolRun): string {
  const isList = args.startsWith('--list') && status === 0
  const lines = stdout
    .split('\n')
    .filter((line) => !isList || line.includes(prefix) || line.startsWith('GROUP'))
  const shown = [...(isList ? lines.sort() : lines), ...stderr.split('\n')]
  const help = shown.findIndex((line) => /^Option +Description/.test(line))
  return [
    `${name} ${args} → ${status}`,
    ...shown.slice(0, help === -1 ? undefined : help).map(scrubbed),
  ].join('\n')
}

function scrubbed(line: string): string {
  // Sets of Java, in the order of hashes that are others in each process.
  if (/^(Option|Invalid) /.test(line))
    return line
      .split(/[\s,[\]]+/)
      .sort()
      .join(' ')
  return line
    .replaceAll(prefix, '%')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/g, 'ID')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replaceAll(file, 'FILE')
    .replaceAll(/ +/g, ' ')
    .trim()
}

import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { formerlyFormatted } from '../../../../src/lib/broker/controller/features.ts'
import { goldenLines } from '../../../golden/vectors.ts'
import { differences } from '../../../replay/differences.ts'
import { Identities } from '../../../replay/identities.ts'
import { Link } from '../../../replay/link.ts'
import { type JsonObject, readRequest, readResponse, writeRequest } from '../../../replay/messages.ts'
import { exactRules } from '../../../replay/rules.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

/** A request that was put to Apache Kafka 4.3.1 over one of several connections, and its answer. */
interface GroupProbe {
  readonly conn: string
  readonly probe: string
  readonly requestHex: string
  readonly responseHex: string
  /** What went before may take effect a little later. */
  readonly takesAMoment?: boolean
  /** It waits for what others ask for next. */
  readonly isAnsweredLater?: boolean
}

const PATIENCE_MS = 5000
const probes = goldenLines<GroupProbe>('broker/group-probes.ndjson.gz')
/** Here every group is ours: the list has to be the same. */
const rules = { ...exactRules, isOpenList: () => false }

let rig: BrokerInProcess
const ids = new Identities()
const links = new Map<string, Link>()

beforeAll(async () => {
  rig = await brokerInProcess({
    settings: { 'offsets.topic.num.partitions': '3', 'group.initial.rebalance.delay.ms': '0' },
    features: formerlyFormatted,
  })
  for (const conn of new Set(probes.map((probe) => probe.conn))) links.set(conn, await Link.open(rig.port))
})

afterAll(async () => {
  for (const link of links.values()) link.close()
  await rig[Symbol.asyncDispose]()
})

async function put(probe: GroupProbe): Promise<string[]> {
  const request = readRequest(Buffer.from(probe.requestHex, 'hex'))
  if (request === undefined) throw new Error(`${probe.probe} cannot be read`)
  const frame = writeRequest({ ...request, json: ids.translate(request.json) as JsonObject })
  const outcome = (await links.get(probe.conn)?.ask(frame, PATIENCE_MS)) ?? 'silence'
  if (typeof outcome === 'string') return [`${probe.probe}: ${outcome}`]
  const theirs = readResponse(request.api, request.version, Buffer.from(probe.responseHex, 'hex'))
  const ours = readResponse(request.api, request.version, outcome)
  ids.learn(theirs, ours)
  return differences(ids.translate(theirs), ours, rules).map((each) => `${probe.probe}: ${each}`)
}

async function putUntilItAgrees(probe: GroupProbe): Promise<string[]> {
  for (let tries = PATIENCE_MS / 10; ; tries--) {
    const found = await put(probe)
    if (found.length === 0 || tries === 0) return found
    await setTimeout(10)
  }
}

it('groups answer members, outsiders and administrators as those of Apache Kafka did', async () => {
  const later: Promise<string[]>[] = []
  const found: string[] = []
  for (const probe of probes) {
    const putting = probe.takesAMoment === true ? putUntilItAgrees(probe) : put(probe)
    if (probe.isAnsweredLater === true) later.push(putting)
    else found.push(...(await putting))
  }
  expect([...found, ...(await Promise.all(later)).flat()]).toEqual([])
}, 60_000)

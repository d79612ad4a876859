import { isDeepStrictEqual } from 'node:util'
import { describe, expect, inject, it } from 'vitest'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { errorCodes } from '../../src/lib/protocol/error-codes.ts'
import { randomDraw, seedOfRun } from '../random.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { startOwnKafka } from './kafka/start-own.ts'
import { toldAnew } from './told-anew.ts'
import { type Step, TransactionStory, type Who } from './transaction-story.ts'
import { Connection } from './wire/connection.ts'
import { GROUP, TRANSACTION, untilCoordinated } from './wire/coordinators.ts'

const seed = seedOfRun()
const draw = randomDraw(seed)
const below = (limit: number) => Math.floor(draw() * limit)
const pick = <T>(...of: readonly T[]): T => of[below(of.length)] as T

/** More of them: KTOOL_STORIES=300. */
const STORIES = Number(process.env.KTOOL_STORIES ?? 30)
const STEPS = 14

/** Mostly who it is now; now and then one of before, or one that never was. */
function someone(): Who {
  if (draw() < 0.75) return { back: 0, idShift: 0, epochShift: 0 }
  return { back: below(3), idShift: pick(0, 0, 0, 1000), epochShift: pick(-1, 0, 0, 1) }
}

/** Kafka remembers a batch of an epoch to come while it asks the coordinator, and takes the next one for a gap. */
function ofOld(who: Who): Who {
  return { ...who, epochShift: Math.min(0, who.epochShift) }
}

function someStep(): Step {
  const who = someone()
  switch (pick('init', 'add', 'add', 'offsets', 'end', 'end', 'produce', 'produce', 'produce', 'commit')) {
    case 'init':
      return { kind: 'init', version: pick(1, 3, 4, 5), who: draw() < 0.5 ? null : who }
    case 'add':
      return {
        ...{ kind: 'add', version: pick(0, 1, 3, 4, 5), who },
        partitions: pick([0], [1], [0, 1], [0, 9]),
        verifyOnly: draw() < 0.3,
      }
    case 'offsets':
      return { kind: 'offsets', version: pick(0, 1, 3, 4), who }
    case 'end':
      return { kind: 'end', version: pick(1, 3, 4, 5, 5, 5), who, committed: draw() < 0.6 }
    case 'produce':
      return { kind: 'produce', version: pick(7, 10, 11, 12), who: ofOld(who), partition: below(2) }
    default:
      return { kind: 'commit', version: pick(3, 4, 5), who }
  }
}

describe(`stories of transactions, seed ${seed}`, () => {
  it(
    'go on the local broker as they go on Apache Kafka',
    async () => {
      await using rig = await brokerInProcess()
      const kafka = await Connection.open(inject('kafka').ports.plain)
      const local = await Connection.open(rig.port)
      for (let i = 0; i < STORIES; i++) {
        const name = `story-${seed}-${i}`
        const steps: Step[] = [
          { kind: 'init', version: 4, who: null },
          ...Array.from({ length: STEPS }, () => someStep()),
        ]
        const [theirs, ours] = await Promise.all([tell(kafka, name, steps), tell(local, name, steps)])
        for (const at of steps.keys()) {
          const before = steps.slice(0, at + 1).map((step, j) => JSON.stringify([step, theirs[j]], plain))
          expect(ours[at], `story ${i}:\n${before.join('\n')}`).toEqual(theirs[at])
        }
      }
      kafka.close()
      local.close()
    },
    60_000 + 2000 * STORIES,
  )
})

/** Of a transaction; and long enough for it to be over, and to be found. */
const [TIMEOUT_MS, PAST_IT_MS] = [4000, 5500]
const AT_ONCE = 8
const sweeping = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '250' }

describe(`transactions that their producers leave open, seed ${seed}`, () => {
  it('are ended, and their producers answered, as by Apache Kafka', { timeout: 300_000 }, async () => {
    await using rig = await brokerInProcess({ settings: sweeping })
    const kafka = await startOwnKafka('transaction-timeouts', { properties: sweeping })
    const steps = Array.from({ length: AT_ONCE }, () => [
      { kind: 'init', version: 4, who: null } as const,
      ...Array.from({ length: STEPS }, (): Step => {
        return draw() < 0.25 ? { kind: 'wait', durationMs: PAST_IT_MS } : someStep()
      }),
    ])
    const toldBy = async (port: number, name: string, story: readonly Step[]) => {
      const connection = await Connection.open(port)
      const told = await tell(connection, name, story, TIMEOUT_MS)
      connection.close()
      return told
    }
    const compare = async (i: number, story: readonly Step[], again: number) => {
      const name = `left-${seed}-${i}-${again}`
      const [theirs, ours] = await Promise.all([
        toldBy(kafka.port, name, story),
        toldBy(rig.port, name, story),
      ])
      const told = story.map((step, at) => JSON.stringify([step, theirs[at]], plain)).join('\n')
      return { told, theirs: theirs.map(alike), ours: ours.map(alike) }
    }
    const compared = (story: readonly Step[], i: number) =>
      toldAnew(
        (again) => compare(i, story, again),
        ({ ours, theirs }) => isDeepStrictEqual(ours, theirs),
      )
    const outcomes = await Promise.all(steps.map(compared))
    await kafka.stop()
    kafka.remove()
    for (const { told, theirs, ours } of outcomes) expect(ours, told).toEqual(theirs)
  })
})

/**
 * Kafka asks its coordinator for several producers in one request, and tells all of them in the way of the first: the
 * old ones in that of the new.
 */
function alike(told: unknown): unknown {
  const [kind, answer, ...rest] = told as [string, { errorCode?: number } | null, ...unknown[]]
  const refusals: readonly unknown[] = [errorCodes.INVALID_TXN_STATE, errorCodes.TRANSACTION_ABORTABLE]
  return kind === 'produce' && refusals.includes(answer?.errorCode) ? [kind, 'refused', ...rest] : told
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

async function tell(
  connection: Connection,
  name: string,
  steps: readonly Step[],
  timeoutMs?: number,
): Promise<unknown[]> {
  const topics = [{ name, numPartitions: 2, replicationFactor: 1 }]
  await connection.ask(createTopics, 5, { topics, timeoutMs: 10_000 })
  await untilCoordinated(connection, TRANSACTION, [name])
  await untilCoordinated(connection, GROUP, [name])
  return new TransactionStory(connection, name, name, timeoutMs).tell(steps)
}

import { describe, expect, inject, it } from 'vitest'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { DifferentialRun } from './differential/differential-run.ts'

/**
 * KTOOL_SEEDS=7,8 KTOOL_REQUESTS=2000 KTOOL_APIS=Fetch,Produce asks more, or of these alone; KTOOL_DIARY=FILE has it
 * written down.
 */
const seeds = (process.env.KTOOL_SEEDS ?? '1,2').split(',').map(Number)
const count = Number(process.env.KTOOL_REQUESTS ?? 250)
const only = process.env.KTOOL_APIS?.split(',')
const diary = process.env.KTOOL_DIARY

describe('random requests get the same answers from the local broker and from Apache Kafka', () => {
  it.each(seeds)('seed %d', { timeout: 60_000 + count * 1000 }, async (seed) => {
    await using rig = await brokerInProcess({
      settings: {
        'offsets.topic.num.partitions': '3',
        'transaction.state.log.num.partitions': '3',
        'share.coordinator.state.topic.num.partitions': '3',
        'auto.create.topics.enable': 'false',
        // What the Kafka for all is told: both tell it of the topics that they make.
        'log.retention.ms': '-1',
        'log.index.size.max.bytes': '65536',
      },
    })
    const kafka = inject('kafka').ports.plain
    const run = new DifferentialRun(seed, { kafka, ours: rig.port, only, diary })
    expect(await run.ask(count)).toEqual([])
  })
})

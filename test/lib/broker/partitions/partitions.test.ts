import { describe, expect, it } from 'vitest'
import { BrokerConfigs } from '../../../../src/lib/broker/configs/broker-configs.ts'
import { Partitions } from '../../../../src/lib/broker/partitions/partitions.ts'
import { FailedError } from '../../../../src/lib/errors.ts'
import type { PartitionImage } from '../../../../src/lib/log/cluster/metadata-image.ts'
import type { PartitionLog } from '../../../../src/lib/log/write/partition-log.ts'
import { SimClock } from '../../../simulation/sim-clock.ts'

const NODE = 1

function topicOf(topicId: string) {
  const image = { replicas: [NODE], leader: NODE, leaderEpoch: 0 } as unknown as PartitionImage
  return { name: 'orders', topicId, partitions: new Map([[0, image]]) }
}

/** Logs by name, on a disk that may refuse to let go of them. */
function rig() {
  const logs = new Map<string, PartitionLog>()
  const state = { isBroken: false, made: [] as string[], lines: [] as string[] }
  const clock = new SimClock()
  const partitions = new Partitions({
    nodeId: NODE,
    logs: {
      get: (topic, partition) => logs.get(`${topic}-${partition}`),
      create: (topic, partition, topicId) => {
        const log = { latestEpoch: 0, logEndOffset: 0, highWatermark: 0 } as unknown as PartitionLog
        logs.set(`${topic}-${partition}`, log)
        state.made.push(topicId)
        return log
      },
      delete: (topic, partition) => {
        if (state.isBroken) throw new FailedError('disk-error', 'cannot rename')
        logs.delete(`${topic}-${partition}`)
      },
      directoryOf: () => undefined,
    },
    clock,
    log: { log: (level, message) => void state.lines.push(`${level} ${message}`) },
    configs: new BrokerConfigs(NODE, new Map()),
    isFlushedFirst: false,
    controller: { assignDirectories: () => {} },
  })
  return { partitions, state, clock }
}

describe('a topic that is made anew while the disk does not let go of the old one', () => {
  it('never gets the log of the old one, and has its own as soon as the disk lets go', async () => {
    const { partitions, state, clock } = rig()
    partitions.topicGrown(topicOf('old'))
    state.isBroken = true
    partitions.topicDeleted(topicOf('old'))
    partitions.topicGrown(topicOf('new'))
    expect(partitions.get('orders', 0)).toBeUndefined()
    state.isBroken = false
    await clock.pass(1000)
    expect(partitions.get('orders', 0)?.topicId).toBe('new')
    expect(state.made).toEqual(['old', 'new'])
    expect(state.lines.every((line) => line === 'error cannot write or read')).toBe(true)
  })
})

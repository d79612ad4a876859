import { describe, expect, it } from 'vitest'
import { incrementalAlterConfigs } from '../../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { type Connection, connected } from '../../../conformance/wire/connection.ts'
import { produceBatch } from '../../../conformance/wire/produce.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'

const TOPIC = 2
const BROKER = 4
const BROKER_LOGGER = 8
const MESSAGE_TOO_LARGE = 10

describe('an alteration of settings', () => {
  it('takes effect at once, of the topic before the broker, and is undone as quickly', async () => {
    await using inProcess = await brokerInProcess({ topics: [{ name: 'orders', partitions: 1 }] })
    const { port } = inProcess
    await connected(port, async (connection) => {
      expect(await produced(connection)).toBe(0)
      await alter(connection, BROKER, '', 'message.max.bytes', '100')
      expect(await produced(connection)).toBe(MESSAGE_TOO_LARGE)
      await alter(connection, TOPIC, 'orders', 'max.message.bytes', '10000')
      expect(await produced(connection)).toBe(0)
      await alter(connection, TOPIC, 'orders', 'max.message.bytes', null)
      expect(await produced(connection)).toBe(MESSAGE_TOO_LARGE)
      await alter(connection, BROKER, '', 'message.max.bytes', null)
      expect(await produced(connection)).toBe(0)
    })
  })

  it('is there after a restart, and gone with its topic', async () => {
    await using first = await brokerInProcess({ topics: [{ name: 'orders', partitions: 1 }] })
    await connected(first.port, async (connection) => {
      await alter(connection, TOPIC, 'orders', 'retention.ms', '777')
      await alter(connection, BROKER, '1', 'log.segment.bytes', '2097152')
    })
    await first.stop()
    await using second = await brokerInProcess({ dataDir: first.broker.dataDir })
    const { configs, controller } = second.broker.node
    expect(configs.topic('orders')).toMatchObject({ retentionMs: 777, segmentBytes: 2_097_152 })
    controller.deleteTopic(controller.topicByName('orders')?.topicId ?? '')
    expect(configs.topic('orders')).toMatchObject({ retentionMs: 604_800_000 })
  })

  it('of the level of the log quietens it until the broker stops', async () => {
    await using inProcess = await brokerInProcess()
    const { broker, port, lines } = inProcess
    const { log } = broker.node.ports
    await connected(port, async (connection) => {
      await alter(connection, BROKER_LOGGER, '1', 'root', 'ERROR')
      log.log('warn', 'not to be read')
      log.log('error', 'to be read')
      await alter(connection, BROKER_LOGGER, '1', 'root', 'INFO')
      log.log('info', 'to be read as well')
    })
    expect(lines.filter((line) => line.includes('read'))).toEqual([
      'error to be read {}',
      'info to be read as well {}',
    ])
  })

  it('of what this broker takes at its start only is refused in words of its own', async () => {
    await using inProcess = await brokerInProcess()
    const { port } = inProcess
    await connected(port, async (connection) => {
      for (const name of ['listeners', 'listener.security.protocol.map']) {
        const body = alteration(BROKER, '1', name, 'PLAINTEXT://:1')
        const { responses } = await connection.ask(incrementalAlterConfigs, 1, body)
        const errorMessage = `This broker takes these configs at its start only: [${name}]`
        expect(responses).toMatchObject([{ errorCode: 42, errorMessage }])
      }
    })
  })
})

async function produced(connection: Connection) {
  const writer = new BatchWriter()
  writer.append({ key: null, value: Buffer.alloc(500), timestamp: 1_700_000_000_000 })
  const topic = { name: 'orders', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }
  return (await produceBatch(connection, topic, writer.finish(), { version: 9 })).errorCode
}

async function alter(
  connection: Connection,
  type: number,
  resource: string,
  name: string,
  value: string | null,
) {
  const body = alteration(type, resource, name, value)
  const { responses } = await connection.ask(incrementalAlterConfigs, 1, body)
  expect(responses).toMatchObject([{ errorCode: 0 }])
}

function alteration(resourceType: number, resourceName: string, name: string, value: string | null) {
  const configs = [{ name, configOperation: value === null ? 1 : 0, value }]
  return { resources: [{ resourceType, resourceName, configs }] }
}

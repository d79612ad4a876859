import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SocketDirectoryLock } from '../../../src/lib/network/directory-lock.ts'
import { loopbackPorts } from '../../../src/lib/network/lock-places.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { diskOver, systemDisk } from '../../../src/lib/ports/system-disk.ts'
import { fetch } from '../../../src/lib/protocol/apis/fetch.ts'
import { findCoordinator } from '../../../src/lib/protocol/apis/find-coordinator.ts'
import { heartbeat } from '../../../src/lib/protocol/apis/heartbeat.ts'
import { joinGroup } from '../../../src/lib/protocol/apis/join-group.ts'
import { syncGroup } from '../../../src/lib/protocol/apis/sync-group.ts'
import { connected } from '../../conformance/wire/connection.ts'
import { brokerInProcess } from '../../support/broker-in-process.ts'

let dataDir = ''

beforeEach(() => {
  dataDir = fs.mkdtempSync(join(tmpdir(), 'ktool-broker-test-'))
})

afterEach(() => fs.rmSync(dataDir, { recursive: true }))

function client(bootstrap: string): Kafka {
  return new Kafka({ clientId: 'test', brokers: [bootstrap], logLevel: logLevel.NOTHING })
}

/** How long it takes from now on, in milliseconds. */
async function sinceNow(settled: Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await settled
  return performance.now() - beganMs
}

/** What a consumer gets until it has so many. */
async function consume(consumer: Consumer, topic: string, count: number): Promise<string[]> {
  const values: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value))
          if (values.length === count) resolve()
        },
      })
      .catch(reject)
  })
  return values.sort()
}

describe('a broker', () => {
  it('serves a client that produces, consumes in a group and commits', async () => {
    await using running = await brokerInProcess({ topics: [{ name: 'orders', partitions: 3 }] })
    const kafka = client(running.bootstrap)
    const producer = kafka.producer({ idempotent: true })
    await producer.connect()
    await producer.send({
      topic: 'orders',
      messages: ['a', 'b', 'c'].map((value) => ({ key: value, value })),
    })
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 100 })
    expect(await consume(consumer, 'orders', 3)).toEqual(['a', 'b', 'c'])
    await consumer.commitOffsets([{ topic: 'orders', partition: 0, offset: '7' }])
    const admin = kafka.admin()
    await admin.connect()
    const [{ partitions } = { partitions: [] }] = await admin.fetchOffsets({ groupId: 'readers' })
    expect(partitions.find(({ partition }) => partition === 0)?.offset).toBe('7')
    await Promise.all([admin.disconnect(), consumer.disconnect(), producer.disconnect()])
  })

  it('shows no reader what a transaction took back', async () => {
    await using running = await brokerInProcess({ topics: [{ name: 'orders', partitions: 1 }] })
    const kafka = client(running.bootstrap)
    const producer = kafka.producer({ transactionalId: 'mover', maxInFlightRequests: 1, idempotent: true })
    await producer.connect()
    const lost = await producer.transaction()
    await lost.send({ topic: 'orders', messages: [{ value: 'lost' }] })
    await lost.abort()
    const kept = await producer.transaction()
    await kept.send({ topic: 'orders', messages: [{ value: 'kept' }] })
    await kept.commit()
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 100 })
    expect(await consume(consumer, 'orders', 1)).toEqual(['kept'])
    await consumer.disconnect()
    await producer.disconnect()
  })

  it('finds everything as it was after a stop', async () => {
    const first = await brokerInProcess({ dataDir, topics: [{ name: 'orders', partitions: 2 }] })
    const producer = client(first.bootstrap).producer()
    await producer.connect()
    await producer.send({ topic: 'orders', messages: [{ value: 'a' }, { value: 'b' }] })
    const { clusterId } = first.broker.node
    await producer.disconnect()
    await first.stop()
    expect(fs.existsSync(join(dataDir, '.kafka_cleanshutdown'))).toBe(true)

    await using second = await brokerInProcess({ dataDir })
    expect(second.broker.node.clusterId).toBe(clusterId)
    const consumer = client(second.bootstrap).consumer({ groupId: 'readers', maxWaitTimeInMs: 100 })
    expect(await consume(consumer, 'orders', 2)).toEqual(['a', 'b'])
    await consumer.disconnect()
  })

  it('refuses a topic that is there with another count of partitions, and is none the worse for it', async () => {
    const first = await brokerInProcess({ dataDir, topics: [{ name: 'orders', partitions: 2 }] })
    await first.stop()
    await expect(
      brokerInProcess({ dataDir, topics: [{ name: 'orders', partitions: 3 }] }),
    ).rejects.toMatchObject({
      code: 'topic-mismatch',
      exitCode: 2,
      message: 'topic orders is there with 2 partitions, not 3',
    })
    expect(fs.existsSync(join(dataDir, '.kafka_cleanshutdown'))).toBe(true)
  })

  it('leaves a directory alone when its port is taken', async () => {
    await using running = await brokerInProcess()
    const listeners = [{ name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: running.port }]
    await expect(brokerInProcess({ dataDir, listeners })).rejects.toMatchObject({ code: 'address-in-use' })
    expect(fs.existsSync(join(dataDir, 'meta.properties'))).toBe(false)
  })

  it('shares its directory with no other, until it has stopped', async () => {
    const lock = new SocketDirectoryLock(
      systemDisk,
      systemClock(() => process.hrtime()),
      loopbackPorts,
    )
    const owner = { processId: 4711, command: 'ktool broker', startedMs: 0 }
    const hold = (directory: string) => lock.hold(directory, owner)
    const first = await brokerInProcess({ dataDir, hold })
    await expect(brokerInProcess({ dataDir, hold })).rejects.toMatchObject({
      code: 'directory-in-use',
      message: `${dataDir} is in use by process 4711 (ktool broker)`,
    })
    await first.stop()
    await using second = await brokerInProcess({ dataDir, hold })
    expect(second.port).toBeGreaterThan(0)
  })

  it('stops at once while consumers wait for records', async () => {
    const running = await brokerInProcess({ topics: [{ name: 'orders', partitions: 1 }] })
    const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }]
    const wish = { maxWaitMs: 30_000, minBytes: 1, topics: [{ topic: 'orders', partitions }] }
    await connected(running.port, async (connection) => {
      const answer = connection.ask(fetch, 11, wish)
      // By the time that another client is answered, this one's request is there.
      await connected(running.port, (other) => other.ask(fetch, 11, { maxWaitMs: 0 }))
      const waitedMs = sinceNow(answer)
      await running[Symbol.asyncDispose]()
      expect((await answer).errorCode).toBe(0)
      // Whoever is not answered by then is cut after two seconds.
      expect(await waitedMs).toBeLessThan(1500)
    })
  })

  it('stops at once while a member of a group waits for the others', async () => {
    const running = await brokerInProcess()
    const member = {
      groupId: 'billing',
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      protocolType: 'consumer',
    }
    const protocols = [{ name: 'range', metadata: Buffer.alloc(0) }]
    await connected(running.port, async (first) => {
      await first.ask(findCoordinator, 3, { key: 'billing', keyType: 0 })
      const leader = await first.ask(joinGroup, 3, { ...member, protocols })
      const assignments = [{ memberId: leader.memberId, assignment: Buffer.alloc(0) }]
      const mine = { groupId: 'billing', generationId: leader.generationId, memberId: leader.memberId }
      await first.ask(syncGroup, 1, { ...mine, assignments })
      await connected(running.port, async (second) => {
        const waiting = second
          .ask(joinGroup, 3, { ...member, protocols })
          .catch((cause: Error) => cause.message)
        // By the time that another client is answered, this one's request is there.
        await first.ask(heartbeat, 1, mine)
        const waitedMs = sinceNow(waiting)
        await running[Symbol.asyncDispose]()
        expect(await waiting).toMatch(/closed/)
        expect(await waitedMs).toBeLessThan(1500)
      })
    })
  })

  it('stops by itself on a disk that cannot keep what it was given, and does not call that a clean stop', async () => {
    let isBroken = false
    const broken = Object.assign(new Error('i/o error'), { code: 'EIO' })
    const fdatasync = (file: number, done: fs.NoParamCallback) =>
      isBroken ? done(broken) : fs.fdatasync(file, done)
    const disk = diskOver({ ...fs, fdatasync: fdatasync as typeof fs.fdatasync })
    const topics = [{ name: 'orders', partitions: 1 }]
    const { broker, bootstrap, lines } = await brokerInProcess({ dataDir, disk, topics })
    isBroken = true
    const producer = client(bootstrap).producer()
    await producer.connect()
    await producer.send({ topic: 'orders', messages: [{ value: 'written, and not kept' }] })
    await producer.disconnect()
    expect((await broker.failed).message).toMatch(/EIO|i\/o error/)
    expect(fs.existsSync(join(dataDir, '.kafka_cleanshutdown'))).toBe(false)
    expect(lines.join('\n')).toMatch(/flush/)
    await expect(broker.stop()).rejects.toThrow()
  })
})

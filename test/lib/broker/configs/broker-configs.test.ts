import { describe, expect, it } from 'vitest'
import { BrokerConfigs } from '../../../../src/lib/broker/configs/broker-configs.ts'
import { BugError } from '../../../../src/lib/errors.ts'
import { FakeDynamicConfigs } from './fake-dynamic-configs.ts'

function following(given: Record<string, string> = {}) {
  const configs = new BrokerConfigs(1, new Map(Object.entries(given)))
  const dynamic = new FakeDynamicConfigs()
  configs.follow(dynamic)
  return { configs, dynamic }
}

describe('the settings of a broker', () => {
  it('has defaults as Kafka has them, but for those that want three brokers or time', () => {
    const { configs } = following()
    expect(configs.int('num.partitions')).toBe(1)
    expect(configs.long('log.flush.interval.messages')).toBe(Number.MAX_SAFE_INTEGER)
    expect(configs.list('group.consumer.assignors')).toEqual(['uniform', 'range'])
    expect(configs.optional('broker.rack')).toBeNull()
    expect(configs.double('log.cleaner.min.cleanable.ratio')).toBe(0.5)
    expect(configs.int('offsets.topic.replication.factor')).toBe(1)
    expect(configs.int('group.initial.rebalance.delay.ms')).toBe(0)
  })

  it('puts what was set of one broker over what was set of all, and that over what was given at the start', () => {
    const { configs, dynamic } = following({ 'message.max.bytes': '1000' })
    expect(configs.int('message.max.bytes')).toBe(1000)
    dynamic.set('broker', '', { 'message.max.bytes': '2000' })
    expect(configs.int('message.max.bytes')).toBe(2000)
    dynamic.set('broker', '1', { 'message.max.bytes': '3000' })
    dynamic.set('broker', '2', { 'message.max.bytes': '4000' })
    expect(configs.int('message.max.bytes')).toBe(3000)
  })

  it('takes a name that is unknown, or the wrong type, for a bug', () => {
    const { configs } = following()
    expect(() => configs.int('num.partition')).toThrow(BugError)
    expect(() => configs.int('log.cleanup.policy')).toThrow(BugError)
    expect(() => configs.string('broker.rack')).toThrow(BugError)
  })

  it('tells those who watch of what, and that it was the broker by null', () => {
    const { configs, dynamic } = following()
    const told: (string | null)[] = []
    configs.onChange((topic) => told.push(topic))
    dynamic.set('topic', 'orders', { 'retention.ms': '9' })
    dynamic.set('broker', '1', {})
    dynamic.set('broker', '7', {})
    dynamic.set('group', 'g', {})
    expect(told).toEqual(['orders', null])
  })
})

describe('settings that make no sense', () => {
  it('count as not set where they were set while the broker ran: it starts all the same', () => {
    const { configs, dynamic } = following({ 'message.max.bytes': '1000' })
    dynamic.set('broker', '1', { 'message.max.bytes': 'many', 'log.cleanup.policy': 'archive' })
    expect(configs.int('message.max.bytes')).toBe(1000)
    expect(configs.list('log.cleanup.policy')).toEqual(['delete'])
    dynamic.set('topic', 't', { 'compression.type': 'brotli' })
    expect(configs.topic('t').compressionType).toBe('producer')
  })
})

describe('the settings of a topic', () => {
  it('come from the topic, else from the broker under its own names', () => {
    const { configs, dynamic } = following({ 'log.segment.bytes': '2000000', 'log.roll.hours': '1' })
    dynamic.set('topic', 'orders', { 'segment.ms': '5', 'cleanup.policy': 'compact,delete' })
    expect(configs.topic('orders')).toMatchObject({ segmentBytes: 2_000_000, segmentMs: 5 })
    expect([...configs.topic('orders').cleanupPolicy]).toEqual(['compact', 'delete'])
    expect(configs.topic('others')).toMatchObject({ segmentMs: 3_600_000, retentionMs: 604_800_000 })
  })

  it('are the same object until one of them, or of the broker, is altered', () => {
    const { configs, dynamic } = following()
    const before = configs.topic('orders')
    dynamic.set('topic', 'others', { 'retention.ms': '1' })
    expect(configs.topic('orders')).toBe(before)
    dynamic.set('topic', 'orders', { 'retention.ms': '1' })
    expect(configs.topic('orders')).toMatchObject({ retentionMs: 1 })
    dynamic.set('broker', '', { 'log.retention.bytes': '77' })
    expect(configs.topic('orders')).toMatchObject({ retentionMs: 1, retentionBytes: 77 })
  })

  it('are one object for all topics of which nothing was set', () => {
    const { configs, dynamic } = following()
    const shared = configs.topic('orders')
    expect(configs.topic('others')).toBe(shared)
    dynamic.set('broker', '', { 'log.retention.bytes': '77' })
    expect(configs.topic('others')).toMatchObject({ retentionBytes: 77 })
    expect(configs.topic('others')).not.toBe(shared)
  })

  it('keep for ever where the broker keeps by a negative number of hours', () => {
    expect(following({ 'log.retention.hours': '-2' }).configs.topic('t').retentionMs).toBe(-1)
    expect(following({ 'log.retention.minutes': '3' }).configs.topic('t').retentionMs).toBe(180_000)
    const all = { 'log.retention.ms': '1', 'log.retention.minutes': '3', 'log.retention.hours': '3' }
    expect(following(all).configs.topic('t').retentionMs).toBe(1)
  })

  it('know the level of the codec that is in force', () => {
    const { configs, dynamic } = following()
    expect(configs.topic('t').compressionLevel).toBeNull()
    dynamic.set('topic', 't', { 'compression.type': 'gzip' })
    expect(configs.topic('t').compressionLevel).toBeNull()
    dynamic.set('topic', 't', { 'compression.type': 'zstd' })
    expect(configs.topic('t').compressionLevel).toBe(3)
  })

  it('let a log open whose setting cannot be read', () => {
    const { configs, dynamic } = following()
    dynamic.set('topic', 't', { 'retention.ms': 'a week', 'unheard.of': '1' })
    expect(configs.topic('t').retentionMs).toBe(604_800_000)
  })
})

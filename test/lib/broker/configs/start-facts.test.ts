import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../src/lib/broker/api-error.ts'
import { checkGivenConfigs } from '../../../../src/lib/broker/configs/broker-rules.ts'
import { startFacts } from '../../../../src/lib/broker/configs/start-facts.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'

describe('what is told of the start', () => {
  it('is where the broker is, whatever its settings were read from', async () => {
    await using inProcess = await brokerInProcess({ settings: { 'log.dirs': 'elsewhere' } })
    const { broker, port } = inProcess
    const { configs } = broker.node
    expect(configs.text('log.dirs')).toBe(broker.dataDir)
    expect(configs.text('listeners')).toBe(`PLAINTEXT://127.0.0.1:${port}`)
    expect(configs.text('advertised.listeners')).toBe(`PLAINTEXT://127.0.0.1:${port}`)
  })

  it('puts an IPv6 address in brackets', () => {
    const bound = [
      { listener: 'PLAINTEXT', host: '127.0.0.1', port: 9092 },
      { listener: 'PLAINTEXT', host: '::1', port: 9092 },
    ]
    const facts = startFacts({
      dirs: { logDirs: ['data'], metadataDir: 'data' },
      bound,
      endpoints: new Map(),
    })
    expect(facts.get('listeners')).toBe('PLAINTEXT://127.0.0.1:9092,PLAINTEXT://[::1]:9092')
  })
})

describe('settings that were given', () => {
  it.each([
    ['log.retention.hours', '0', 'log.retention.ms must be unlimited (-1) or, greater than or equal to 1'],
    ['log.roll.ms', '0', 'log.roll.ms must be greater than or equal to 1'],
    ['log.cleaner.threads', '0', 'log.cleaner.threads must be at least 1'],
    [
      'queued.max.request.bytes',
      '5',
      'queued.max.request.bytes must be larger or equal to socket.request.max.bytes',
    ],
  ])('are refused with %s=%s', (name, value, message) => {
    expect(() => checkGivenConfigs(new Map([[name, value]]))).toThrow(new ApiError('INVALID_CONFIG', message))
  })

  it('are good as Kafka has them', () => {
    expect(() => checkGivenConfigs(new Map())).not.toThrow()
  })
})

import { expect, it } from 'vitest'
import { argumentsOf } from '../../../src/lib/local/local-arguments.ts'

it('a broker of its own process gets the words that say the same as the flags', () => {
  const flags = {
    port: 0,
    topic: ['a:1', 'b'],
    listen: ['PLAINTEXT://h:1'],
    advertise: ['PLAINTEXT://i:1'],
    flush: 'ack' as const,
    'as-version': '3.9' as const,
    config: 'c d',
    set: ['num.partitions=3'],
  }
  expect(argumentsOf(flags, ['/d', '/e'])).toEqual([
    'broker',
    '--local',
    '--data-dir=/d',
    '--data-dir=/e',
    '--port=0',
    '--flush=ack',
    '--as-version=3.9',
    '--config=c d',
    '--topic=a:1',
    '--topic=b',
    '--listen=PLAINTEXT://h:1',
    '--advertise=PLAINTEXT://i:1',
    '--set=num.partitions=3',
    '--output=json',
  ])
  expect(argumentsOf({ ephemeral: true }, [])).toEqual(['broker', '--local', '--ephemeral', '--output=json'])
})

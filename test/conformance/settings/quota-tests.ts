import { expect, it } from 'vitest'
import type { Row, SettingsRoom } from './room.ts'
import { sortedLines } from './room.ts'

const combinations = [['users'], ['clients'], ['users', 'clients'], ['ips']]

/** What ktool and kafka-configs tell of quotas, and do to them, for every entity that Kafka knows. */
export function quotaTests(room: () => SettingsRoom): void {
  it.each([
    [
      ['--user', 'ann'],
      ['--user', 'ann'],
    ],
    [['--user', '<default>'], ['--user-defaults']],
    [
      ['--client-id', 'app'],
      ['--client', 'app'],
    ],
    [['--client-id', '<default>'], ['--client-defaults']],
    [['--user', 'a b/"c"=,', '--client-id', 'app'], named(['users', 'a b/"c"=,'], ['clients', 'app'])],
    [['--user', 'ann', '--client-id', '<default>'], named(['users', 'ann'], ['clients', null])],
    [['--user', '<default>', '--client-id', 'app'], named(['users', null], ['clients', 'app'])],
    [['--user', '<default>', '--client-id', '<default>'], named(['users', null], ['clients', null])],
    [
      ['--ip', '10.0.0.1'],
      ['--ip', '10.0.0.1'],
    ],
    [['--ip', '<default>'], ['--ip-defaults']],
  ])('of %j are set and deleted by each for both', async (ours, theirs) => {
    const isAddress = ours[0] === '--ip'
    const [first, second] = isAddress
      ? ['connection_creation_rate=100', 'connection_creation_rate=7']
      : ['producer_byte_rate=12345678', 'request_percentage=12.5']
    await room().done('quotas', 'set', ...ours, first)
    const set = await areTheSame()
    expect(
      set.filter((line) => line.includes(first.replace(/\d+$/, String(Number(first.split('=')[1]))))),
    ).toHaveLength(1)
    await room().theyDo('configs', '--alter', ...theirs, '--add-config', second)
    const both = await areTheSame()
    expect(both.some((line) => line.includes(second))).toBe(true)
    await room().theyDo('configs', '--alter', ...theirs, '--delete-config', second.replace(/=.*/, ''))
    await areTheSame()
    if (!isAddress) await room().done('quotas', 'delete', ...ours, 'producer_byte_rate')
    expect(await areTheSame()).toEqual([])
  })

  it('are found by the parts of their entities', async () => {
    await room().done('quotas', 'set', '--user', 'ann', 'producer_byte_rate=1', 'consumer_byte_rate=2')
    await room().done('quotas', 'set', '--user', 'ann', '--client-id', 'app', 'producer_byte_rate=3')
    await room().done('quotas', 'set', '--user', 'bob', 'controller_mutation_rate=4')
    const lines = async (...args: string[]) => quotaLines(await room().rows('quotas', 'list', ...args))
    const said = await room().theirs('configs', '--describe', '--user', 'ann')
    expect(await lines('--user', 'ann', '--strict')).toEqual(theirLines(said))
    expect(await lines('--user', 'ann')).toHaveLength(2)
    const both = named(['users', 'ann'], ['clients', 'app'])
    expect(await lines('--user', 'ann', '--client-id', 'app')).toEqual(
      theirLines(await room().theirs('configs', '--describe', ...both)),
    )
    await room().done('quotas', 'delete', '--user', 'ann')
    expect(await areTheSame()).toHaveLength(2)
    await room().done('quotas', 'delete', '--user', 'ann', '--client-id', 'app')
    await room().done('quotas', 'delete', '--user', 'bob')
  })

  it.each([
    [['--user', 'ann'], ['--user', 'ann'], 'no_such_rate=1'],
    [['--user', 'ann'], ['--user', 'ann'], 'producer_byte_rate=0'],
    [['--user', 'ann'], ['--user', 'ann'], 'producer_byte_rate=-1'],
    [['--user', 'ann'], ['--user', 'ann'], 'consumer_byte_rate=0.5'],
    [['--user', 'ann'], ['--user', 'ann'], 'connection_creation_rate=5'],
    [['--ip', '10.0.0.1'], ['--ip', '10.0.0.1'], 'producer_byte_rate=5'],
    [['--ip', 'no.such.host.invalid'], ['--ip', 'no.such.host.invalid'], 'connection_creation_rate=5'],
  ])('of %j are refused by both: %j %s', async (ours, theirs, limit) => {
    const theirRun = await room().theirRun('configs', '--alter', ...theirs, '--add-config', limit)
    const { status, errors } = await room().ours('quotas', 'set', ...ours, limit, '--yes')
    expect([theirRun.status, status, errors.length]).toEqual([1, 1, 1])
    expect(await areTheSame()).toEqual([])
  })

  async function areTheSame(): Promise<string[]> {
    const said: string[] = []
    for (const types of combinations) {
      said.push(
        await room().theirs('configs', '--describe', ...types.flatMap((type) => ['--entity-type', type])),
      )
    }
    const lines = quotaLines(await room().rows('quotas', 'list'))
    expect(lines).toEqual(theirLines(said.join('\n')))
    return lines
  }
}

/** As kafka-configs wants it, where two types are named. */
function named(...entities: readonly (readonly [string, string | null])[]): string[] {
  return entities.flatMap(([type, name]) => [
    ...['--entity-type', type],
    ...(name === null ? ['--entity-default'] : ['--entity-name', name]),
  ])
}

const names: Readonly<Record<string, string>> = { user: 'user-principal', 'client-id': 'client-id', ip: 'ip' }

/** A line for each entity, as kafka-configs has it. */
function quotaLines(rows: readonly Row[]): string[] {
  const byEntity = new Map<string, string[]>()
  for (const { entity, quota, value } of rows) {
    const parts = Object.entries(names).flatMap(([type, name]) => {
      const own = (entity as Record<string, string | null>)[type]
      if (own === undefined) return []
      return [own === null ? `the default ${name}` : `${name} '${own}'`]
    })
    const key = parts.join(', ')
    byEntity.set(key, [...(byEntity.get(key) ?? []), `${quota}=${value}`])
  }
  return [...byEntity].map(([entity, limits]) => `${entity} are ${limits.sort().join(', ')}`).sort()
}

/** Java writes numbers its own way. */
function theirLines(said: string): string[] {
  return sortedLines(said)
    .filter((line) => line.startsWith('Quota configs for '))
    .map((line) => {
      const [, entity = '', limits = ''] = /^Quota configs for (.*) are (.*)$/.exec(line) ?? []
      const numbers = limits.split(', ').map((each) => each.replace(/=(.*)/, (_, n) => `=${Number(n)}`))
      return `${entity} are ${numbers.sort().join(', ')}`
    })
    .sort()
}

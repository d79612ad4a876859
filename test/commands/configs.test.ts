import { describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { goldenAnswers, goldenDirectory } from '../lib/log/cluster/golden-directories.ts'

interface Row {
  readonly resource: string
  readonly name: string
  readonly value: string | null
}

describe('ktool configs get', () => {
  it('has of topics what was set of each', async () => {
    const { status, items } = await get(['topics'])
    const expected = Object.entries(goldenAnswers('kraft-431').topicConfigs).filter(
      ([, configs]) => Object.keys(configs).length > 0,
    )
    expect(status).toBe(0)
    expect(byResource(items)).toEqual(Object.fromEntries(expected))
  })

  it('has of brokers what was set of one, and of all', async () => {
    const { items } = await get(['brokers', '1', 'default'])
    expect(byResource(items)).toEqual({
      1: { 'log.cleaner.threads': '1', 'replica.alter.log.dirs.io.max.bytes.per.second': '300' },
      default: { 'message.max.bytes': '1048588', 'min.insync.replicas': '1' },
    })
  })

  it.each([
    ['brokers', { 1: 2, default: 2 }],
    ['groups', { 'share-a': 1, 'share-b': 1, 'kip848-live': 1 }],
    ['client-metrics', { 'sub-1': 3 }],
  ])('has those of %s', async (type, counts) => {
    const found = Object.entries(byResource((await get([type])).items)).map(([resource, configs]) => [
      resource,
      Object.keys(configs).length,
    ])
    expect(Object.fromEntries(found)).toEqual(counts)
  })

  it('says of what nothing was set, and fails for what is not there', async () => {
    const { status, items, errors, stderr } = await get(['topics', 'clicks', 'nope', 'orders'])
    expect(status).toBe(1)
    expect(items).toMatchObject([{ resource: 'orders', name: 'retention.ms', value: '604800000' }])
    expect(errors).toMatchObject([{ item: 'nope', code: 'topic-not-found' }])
    expect(stderr).toMatch(/nothing was set of clicks: it has the defaults/)
  })

  it('says that ZooKeeper’s time has none on its disks', async () => {
    const { status, stderr } = await ktool([
      'configs',
      'get',
      'topics',
      '--log-dir',
      goldenDirectory('zk-231/data'),
    ])
    expect(status).toBe(1)
    expect(stderr).toMatch(/this disk has no configs: .*ZooKeeper/)
  })
})

async function get(args: readonly string[]) {
  const place = ['--log-dir', goldenDirectory('kraft-431/data0')]
  const { status, stdout, stderr } = await ktool(['configs', 'get', ...args, ...place, '-o', 'json'])
  const { items, errors } = JSON.parse(stdout.toString()) as { items: Row[]; errors: unknown[] }
  return { status, stderr, items, errors }
}

function byResource(rows: readonly Row[]): Record<string, Record<string, string | null>> {
  const found: Record<string, Record<string, string | null>> = {}
  for (const { resource, name, value } of rows) found[resource] = { ...found[resource], [name]: value }
  return found
}

import { expect, it } from 'vitest'
import { LiveWriter } from '../../support/live-writer.ts'
import type { Row, SettingsRoom } from './room.ts'
import { sortedLines } from './room.ts'

/** What ktool and kafka-topics, kafka-delete-records and kafka-log-dirs tell of topics, and do to them. */
export function topicTests(room: () => SettingsRoom): void {
  it('are listed alike, with and without those of Kafka itself', async () => {
    await using writer = new LiveWriter(room().bootstrap)
    await writer.topic('listed.one', 2)
    await room().settled()
    await writer.commit('listers', 'listed.one', { 0: 0 })
    const ours = async (...args: string[]) => namesOf(await room().rows('topics', 'list', ...args))
    expect(await ours()).toEqual(sortedLines(await room().theirs('topics', '--list')))
    expect(await ours('--exclude-internal')).toEqual(
      sortedLines(await room().theirs('topics', '--list', '--exclude-internal')),
    )
    expect(await ours()).toContain('__consumer_offsets')
  })

  it('are described alike, whoever made them', async () => {
    await room().done(
      'topics',
      'create',
      'made-by-us',
      '-p',
      '3',
      '--config',
      'cleanup.policy=compact,delete',
    )
    await room().done('topics', 'create', 'placed-by-us', '--assignment', '1,1')
    await room().done('topics', 'create', 'by-default')
    const configs = ['--config', 'retention.ms=5000', '--config', 'segment.bytes=2000000']
    await room().theyDo('topics', '--create', '--topic', 'made-by-them', '--partitions', '2', ...configs)
    const said = await room().theirs('topics', '--describe')
    const rows = await room().rows('topics', 'describe')
    expect(rows.map(partitionLine).sort()).toEqual(partitionLines(said))
    expect(topicLines(rows)).toEqual(theirTopicLines(said))
    const made = rows.find(({ topic }) => topic === 'made-by-them')
    expect(made?.configs).toEqual({ 'retention.ms': '5000', 'segment.bytes': '2000000' })
    // An answer that has none of it would be the same as one that was never given.
    expect(made).toMatchObject({ addingReplicas: [], removingReplicas: [] })
  })

  it.each([
    ['--under-min-isr', '--under-min-isr-partitions', 2],
    ['--at-min-isr', '--at-min-isr-partitions', 3],
    ['--under-replicated', '--under-replicated-partitions', 0],
    ['--unavailable', '--unavailable-partitions', 0],
  ])('are filtered alike by %s', async (ours, theirs, least) => {
    await room().ours('topics', 'create', 'too-few', '-p', '2', '--config', 'min.insync.replicas=2', '--yes')
    const lines = partitionLines(await room().theirs('topics', '--describe', theirs))
    expect((await room().rows('topics', 'describe', ours)).map(partitionLine).sort()).toEqual(lines)
    expect(lines.length).toBeGreaterThanOrEqual(least)
  })

  it('get more partitions, and never fewer', async () => {
    await room().done('topics', 'create', 'grown', '-p', '2')
    await room().done('topics', 'alter', 'grown', '--partitions', '+3')
    expect(await theirPartitions('grown')).toBe(5)
    await room().theyDo('topics', '--alter', '--topic', 'grown', '--partitions', '6')
    expect((await room().rows('topics', 'describe', 'grown')).length).toBe(6)
    const theirs = await room().theirRun('topics', '--alter', '--topic', 'grown', '--partitions', '4')
    const ours = await room().ours('topics', 'alter', 'grown', '--partitions', '4', '--yes')
    expect([theirs.status, ours.status]).toEqual([1, 1])
    expect(await theirPartitions('grown')).toBe(6)
  })

  it.each([
    ['is there', 'made-by-them', ['-p', '9'], ['--partitions', '9']],
    ['has no name that it may have', 'no:good', [], []],
    ['wants more replicas than there are brokers', 'wide', ['-r', '3'], ['--replication-factor', '3']],
    ['has a config that does not exist', 'odd', ['--config', 'no.such=1'], ['--config', 'no.such=1']],
    [
      'has a value that none may have',
      'odd',
      ['--config', 'segment.bytes=x'],
      ['--config', 'segment.bytes=x'],
    ],
    [
      'has replicas on a broker that is not there',
      'odd',
      ['--assignment', '7'],
      ['--replica-assignment', '7'],
    ],
  ])('are refused by both where one %s', async (_, name, ourFlags, theirFlags) => {
    const theirs = await room().theirRun('topics', '--create', '--topic', name, ...theirFlags)
    const ours = await room().ours('topics', 'create', name, ...ourFlags, '--yes')
    expect([theirs.status, ours.status, ours.errors.length]).toEqual([1, 1, 1])
  })

  it('are deleted for both, a dot in a name being a dot for us alone', async () => {
    for (const name of ['gone.x', 'gone-x', 'gone.y']) await room().done('topics', 'create', name)
    await room().rows('topics', 'delete', 'gone.x', '--confirm', 'gone.x')
    expect(sortedLines(await room().theirs('topics', '--list')).filter((name) => /^gone/.test(name))).toEqual(
      ['gone-x', 'gone.y'],
    )
    await room().theyDo('topics', '--delete', '--topic', 'gone.y')
    const again = await room().ours('topics', 'delete', 'gone.y', '--confirm', 'gone.y')
    expect([again.status, again.errors]).toMatchObject([1, [{ item: 'gone.y', code: 'topic-not-found' }]])
    expect((await room().theirRun('topics', '--delete', '--topic', 'gone.y')).status).toBe(1)
    await room().rows('topics', 'delete', 'gone-x', '--confirm', 'gone-x')
  })

  it('lose records from the front, by an offset or by the same file', async () => {
    await using writer = new LiveWriter(room().bootstrap)
    await writer.topic('trimmed', 2)
    await room().settled()
    await writer.write('trimmed', 0, { count: 20 })
    await writer.write('trimmed', 1, { count: 9 })
    await room().rows('topics', 'trim', 'trimmed:0', '--before', '7', '--confirm', 'trimmed:0')
    expect(await theirStarts('trimmed')).toEqual(['trimmed:0:7', 'trimmed:1:0'])
    const partitions = (offset: number) =>
      [0, 1].map((partition) => ({ topic: 'trimmed', partition, offset: partition === 0 ? offset : -1 }))
    const file = room().file('trim.json', JSON.stringify({ partitions: partitions(9), version: 1 }))
    await room().theirs('delete-records', '--offset-json-file', file)
    const starts = (await room().rows('topics', 'describe', 'trimmed')).map(({ logStart }) => logStart)
    expect(starts).toEqual([9, 9])
    const again = room().file('trim.json', JSON.stringify({ partitions: partitions(12), version: 1 }))
    const rows = await room().rows('topics', 'trim', '--file', again, '--confirm', 'trimmed:0')
    expect(rows.map(({ item, status }) => [item, status])).toEqual([
      ['trimmed:0', 'done'],
      ['trimmed:1', 'unchanged'],
    ])
    expect(await theirStarts('trimmed')).toEqual(['trimmed:0:12', 'trimmed:1:9'])
    const beyond = await room().ours(
      'topics',
      'trim',
      'trimmed:0',
      '--before',
      '21',
      '--confirm',
      'trimmed:0',
    )
    expect([beyond.status, beyond.errors]).toMatchObject([1, [{ code: 'offset-out-of-range' }]])
  })

  it('take as much room as their log directories have of them', async () => {
    await using writer = new LiveWriter(room().bootstrap)
    await writer.topic('sized', 2)
    await room().settled()
    await writer.write('sized', 0, { count: 5, sizeBytes: 1000 })
    await writer.write('sized', 1, { count: 3, sizeBytes: 100 })
    const theirs = replicasOf(await room().theirs('log-dirs', '--describe', '--topic-list', 'sized'))
    const ours = await room().rows('topics', 'size', 'sized', '--by', 'partition')
    expect(
      ours.map(({ topic, partition, sizeBytes }) => [`${topic}-${partition}`, sizeBytes]).sort(),
    ).toEqual(theirs.map(({ partition, size }) => [partition, size]))
    expect(theirs[0]?.size).toBeGreaterThan(5000)
    const [whole] = await room().rows('topics', 'size', 'sized')
    expect(whole?.sizeBytes).toBe(theirs.reduce((sum, { size }) => sum + size, 0))
    const listed = (await room().rows('topics', 'list', '--size')).find(({ topic }) => topic === 'sized')
    expect(listed?.sizeBytes).toBe(whole?.sizeBytes)
  })

  async function theirPartitions(topic: string): Promise<number> {
    return partitionLines(await room().theirs('topics', '--describe', '--topic', topic)).length
  }

  async function theirStarts(topic: string): Promise<string[]> {
    return sortedLines(await room().theirs('get-offsets', '--topic', topic, '--time', '-2'))
  }
}

/** Of kafka-log-dirs, what lies there, by name. */
export function replicasOf(
  said: string,
): { partition: string; size: number; offsetLag: number; isFuture: boolean }[] {
  const json = said.split('\n').find((line) => line.startsWith('{')) ?? '{}'
  const { brokers } = JSON.parse(json) as {
    brokers: { logDirs: { partitions: ReturnType<typeof replicasOf> }[] }[]
  }
  return brokers
    .flatMap(({ logDirs }) => logDirs.flatMap(({ partitions }) => partitions))
    .sort((a, b) => (a.partition < b.partition ? -1 : 1))
}

function namesOf(rows: readonly Row[]): string[] {
  return rows.map(({ topic }) => String(topic)).sort()
}

/** As kafka-topics has it. */
function partitionLine({ topic, partition, leader, replicas, isr, elr, lastKnownElr }: Row): string {
  const ids = { Replicas: replicas, Isr: isr, Elr: elr, LastKnownElr: lastKnownElr }
  const lists = Object.entries(ids).map(([name, list]) => `${name}: ${(list as number[]).join(',')}`)
  return [`Topic: ${topic}`, `Partition: ${partition}`, `Leader: ${leader ?? 'none'}`, ...lists]
    .join('\t')
    .trim()
}

function partitionLines(said: string): string[] {
  return sortedLines(said).filter((line) => line.includes('\tPartition: '))
}

function topicLines(rows: readonly Row[]): string[] {
  return rows
    .filter(({ partition }) => partition === 0)
    .map(({ topic, topicId, replicas }) => {
      const count = rows.filter((row) => row.topic === topic).length
      const width = (replicas as number[]).length
      const facts = [`Topic: ${topic}`, `TopicId: ${topicId}`, `PartitionCount: ${count}`]
      return [...facts, `ReplicationFactor: ${width}`].join('\t')
    })
    .sort()
}

/** Without the configs: among those are some that only the broker's file says. */
function theirTopicLines(said: string): string[] {
  return sortedLines(said)
    .filter((line) => line.includes('\tTopicId: '))
    .map((line) => line.replace(/\tConfigs: .*/, ''))
}

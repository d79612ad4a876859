import { describe, expect, it } from 'vitest'
import { openLogDirectories } from '../../../../src/lib/log/cluster/log-directories.ts'
import { diskOf, type Files, goldenFiles } from './golden-directories.ts'

describe('log directories of several brokers', () => {
  it('take the metadata that goes furthest and the copies of the leaders', () => {
    const { metadata, chosen, warnings } = openIn(goldenFiles('cluster-3'), three)
    expect(metadata).toMatchObject({ path: '/cluster-3/node1/__cluster_metadata-0', endOffset: 200 })
    expect(chosen).toEqual({
      'diverge-0': ['/cluster-3/node3', expect.stringMatching(/^of 2 copies that of the leader/)],
      'healthy-0': ['/cluster-3/node1', expect.stringMatching(/^of 3 copies that of the leader/)],
      'healthy-1': ['/cluster-3/node1', expect.any(String)],
      'shrunk-0': ['/cluster-3/node1', expect.any(String)],
      'shrunk-1': ['/cluster-3/node1', expect.any(String)],
    })
    expect(warnings).toHaveLength(4)
    expect(warnings[0]).toMatch(
      /diverge-0 differ: .*node 3 ends at 42 .*epoch 2.*node 2 ends at 50 .*epoch 0/,
    )
  })

  it('say of a copy that is not the leader’s whether it was in sync', () => {
    const { chosen } = openIn(goldenFiles('cluster-3'), ['/cluster-3/node1', '/cluster-3/node2'])
    expect(chosen['diverge-0']).toEqual([
      '/cluster-3/node2',
      expect.stringMatching(/the leader was node 3.*of node 2, was not in sync/),
    ])
  })

  it('take the copy of the leader that the metadata names, though another one goes further', () => {
    const files = goldenFiles('cluster-3')
    for (const path of files.keys()) {
      if (/node[13]\/__cluster_metadata/.test(path)) files.delete(path)
    }
    const { chosen } = openIn(files, three)
    expect(chosen['diverge-0']).toEqual(['/cluster-3/node2', expect.stringMatching(/that of the leader/)])
  })

  it('take the highest leader epoch, then the highest end, where no metadata tells of leaders', () => {
    const files = goldenFiles('cluster-3')
    for (const path of files.keys()) if (path.includes('__cluster_metadata')) files.delete(path)
    const { metadata, noMetadata, chosen } = openIn(files, three)
    expect(metadata).toBeNull()
    expect(noMetadata).toMatch(/none of these directories has the metadata log/)
    expect(chosen).toMatchObject({
      'diverge-0': ['/cluster-3/node3', expect.stringMatching(/highest leader epoch and end/)],
      'shrunk-1': ['/cluster-3/node1', expect.any(String)],
    })
  })

  it('know of a leader that was elected and wrote nothing from its file of leader epochs', () => {
    const files = goldenFiles('cluster-3')
    for (const path of files.keys()) if (path.includes('__cluster_metadata')) files.delete(path)
    files.set('/cluster-3/node2/healthy-0/leader-epoch-checkpoint', Buffer.from('0\n2\n0 0\n7 40\n'))
    expect(openIn(files, three).chosen).toMatchObject({
      'healthy-0': ['/cluster-3/node2', expect.stringMatching(/highest leader epoch and end/)],
    })
  })

  it('take an older metadata log that is whole before a newer one that is not', () => {
    const files = goldenFiles('cluster-3')
    const path = '/cluster-3/node1/__cluster_metadata-0/00000000000000000000.log'
    const bytes = Buffer.from(files.get(path) ?? [])
    bytes[3000] = (bytes[3000] ?? 0) ^ 0xff
    files.set(path, bytes)
    const { metadata, warnings } = openIn(files, three)
    expect(metadata).toMatchObject({ path: '/cluster-3/node3/__cluster_metadata-0', endOffset: 194 })
    expect(warnings.slice(0, 2)).toEqual([
      expect.stringMatching(/^the metadata log in \/cluster-3\/node1\/.*: .* cannot be read to its end: /),
      'the metadata log in /cluster-3/node3/__cluster_metadata-0, which is whole up to 194, is taken instead',
    ])
  })

  it('do not make up ZooKeeper where nothing tells of its time', () => {
    const files = goldenFiles('cluster-3')
    for (const path of files.keys()) if (/__cluster_metadata|meta\.properties/.test(path)) files.delete(path)
    expect(openIn(files, three).noMetadata).toMatch(/nor a meta.properties that says whether ZooKeeper/)
  })
})

describe('a log directory', () => {
  const both = ['/kraft-431/data0', '/kraft-431/data1']

  it('never lends a copy that is being made, is deleted, or was set aside as stray', () => {
    const files = goldenFiles('kraft-431')
    for (const [path, bytes] of [...files]) {
      if (path.includes('/moving-0/')) files.delete(path)
      if (path.includes('/audit-0/')) {
        files.delete(path)
        files.set(path.replace('/audit-0/', `/audit-0.${'a'.repeat(32)}-stray/`), bytes)
      }
    }
    const { chosen, warnings } = openIn(files, both)
    const names = Object.keys(chosen)
    expect(names).not.toContain('moving-0')
    expect(names).not.toContain('short-lived-0')
    expect(names).not.toContain('audit-0')
    expect(warnings).toEqual([expect.stringMatching(/audit-0\.a+-stray was set aside by a broker as stray/)])
  })

  it('leaves out a folder of an earlier topic with the same name', () => {
    const files = goldenFiles('kraft-431')
    files.set(
      '/kraft-431/data0/orders-0/partition.metadata',
      Buffer.from('version: 0\ntopic_id: mnmlAkJrQxiJhJ4atIQxQA'),
    )
    const { chosen, warnings } = openIn(files, both)
    expect(Object.keys(chosen)).not.toContain('orders-0')
    expect(warnings).toEqual([expect.stringMatching(/orders-0 is of an earlier topic of that name/)])
  })

  it('goes on when meta.properties cannot be believed, and says so', () => {
    const files = goldenFiles('kraft-431')
    files.set('/kraft-431/data0/meta.properties', Buffer.from('version=7\n'))
    const { warnings, metadata } = openIn(files, both)
    expect(warnings).toEqual([expect.stringMatching(/data0: meta.properties has version "7"/)])
    expect(metadata).toMatchObject({ endOffset: 171 })
  })
})

describe('directories that cannot be read together', () => {
  it.each([
    ['one twice', ['/kraft-431/data0', '/kraft-431/data0/'], 2, /data0\/ is given twice/],
    [
      'of two clusters',
      ['/kraft-431/data0', '/cluster-3/node1'],
      2,
      /belongs to the cluster .*, .*node1 to the/,
    ],
    [
      'of ZooKeeper’s time and of KRaft’s',
      ['/kraft-431/data0', '/zk-231/data'],
      2,
      /zk-231\/data is of ZooKeeper's time and names no cluster, .*data0 belongs to the cluster/,
    ],
    ['their parent', ['/kraft-431'], 1, /kraft-431 is no log directory, but holds 2/],
    ['a partition', ['/kraft-431/data0/orders-0'], 1, /is the folder of one partition/],
  ])('are refused: %s', (_, paths, exitCode, message) => {
    const files = goldenFiles('kraft-431', 'cluster-3', 'zk-231')
    expect(() => openIn(files, paths)).toThrow(
      expect.objectContaining({ exitCode, message: expect.stringMatching(message) }),
    )
  })

  it('are refused: two states of the same one', () => {
    const files = goldenFiles('kraft-431')
    files.set(
      '/kraft-431/data1/meta.properties',
      files.get('/kraft-431/data0/meta.properties') ?? Buffer.of(),
    )
    expect(() => openIn(files, ['/kraft-431/data0', '/kraft-431/data1'])).toThrow(/are the same directory/)
  })

  it('are recognised as the parent’s also where they are called as partitions are', () => {
    const files: Files = new Map()
    for (const [path, bytes] of goldenFiles('cluster-3')) files.set(path.replace('/node', '/node-'), bytes)
    expect(() => openIn(files, ['/cluster-3'])).toThrow(/cluster-3 is no log directory, but holds 3/)
  })
})

const three = ['/cluster-3/node1', '/cluster-3/node2', '/cluster-3/node3']

function openIn(files: Files, paths: readonly string[]) {
  const directories = openLogDirectories(diskOf(files), paths)
  const chosen = directories
    .topics()
    .flatMap((topic) => directories.partitions(topic))
    .map(({ topic, partition, directory, choice }) => [`${topic}-${partition}`, [directory.path, choice]])
  const { metadata, noMetadata, warnings } = directories
  return { metadata, noMetadata, chosen: Object.fromEntries(chosen) as Record<string, unknown>, warnings }
}

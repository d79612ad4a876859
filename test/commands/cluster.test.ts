import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ktool } from '../ktool.ts'
import { goldenAnswers, goldenDirectory } from '../lib/log/cluster/golden-directories.ts'

describe('ktool cluster describe', () => {
  it('tells of the nodes, features and directories of a cluster', async () => {
    const { status, cluster } = await describeCluster('cluster-3/node1', 'cluster-3/node2', 'cluster-3/node3')
    expect(status).toBe(0)
    expect(cluster).toMatchObject({
      version: 1,
      clusterId: 'Z29sZGVuLWRpc2stMDAwMw',
      controller: 1,
      metadataVersion: '4.3-IV0',
      features: goldenAnswers('cluster-3').features,
      metadataEnd: 200,
      metadataEndInfo: {
        bound: 'asOf',
        reason: expect.stringMatching(
          /; of 3 metadata logs the one that goes furthest, in .*node1\/__cluster_metadata-0$/,
        ),
      },
      nodes: [
        { id: 1, roles: ['broker', 'controller'], isFenced: true },
        { id: 2, roles: ['broker'], isFenced: true },
        { id: 3, roles: ['broker'], isFenced: true },
      ],
      directories: [
        { node: 1, isCleanShutdown: true, partitionCount: 5 },
        { node: 2, isCleanShutdown: false, partitionCount: 6 },
        { node: 3, isCleanShutdown: true, partitionCount: 6 },
      ],
    })
  })

  it('knows the controller when the log before the last snapshot is gone', async () => {
    const { cluster } = await describeCluster('kraft-431/data0')
    expect(cluster).toMatchObject({ controller: 1, features: goldenAnswers('kraft-431').features })
  })

  it('says of ZooKeeper’s time whose directory it is', async () => {
    const { status, cluster } = await describeCluster('zk-231/data')
    expect(status).toBe(0)
    expect(cluster).toMatchObject({
      clusterId: null,
      controller: null,
      controllerInfo: { reason: expect.stringMatching(/ZooKeeper/) },
      metadataVersion: null,
      nodes: [{ id: 0, roles: [] }],
      directories: [{ node: 0, partitionCount: 18 }],
    })
  })

  it('gives each node and each directory a line of a table', async () => {
    const { stdout } = await ktool(['cluster', 'describe', ...places('cluster-3/node1', 'cluster-3/node2')])
    const lines = stdout.toString().split('\n')
    expect(lines.filter((line) => line.startsWith('NODES\t'))).toHaveLength(3)
    expect(lines.filter((line) => line.startsWith('DIRECTORIES\t'))).toHaveLength(2)
  })

  it('refuses a directory that is given once more by a link', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ktool-link-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const link = join(folder, 'data')
    symlinkSync(goldenDirectory('zk-231/data'), link)
    const args = ['cluster', 'describe', ...places('zk-231/data'), '--log-dir', link]
    const { status, stderr } = await ktool(args)
    expect(status).toBe(2)
    expect(stderr).toMatch(/zk-231\/data and .*data are the same directory\n/)
  })

  it('refuses a path that is empty', async () => {
    const { status, stderr } = await ktool(['cluster', 'describe', '--log-dir', ''])
    expect(status).toBe(2)
    expect(stderr).toMatch(/name the log directories to read/)
  })

  it('refuses directories of two clusters', async () => {
    const { status, stderr } = await ktool([
      'cluster',
      'describe',
      ...places('cluster-3/node1', 'kraft-431/data0'),
    ])
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /belongs to the cluster Z29sZGVuLWRpc2stMDAwMw, .* to the cluster Z29sZGVuLWRpc2stMDAwMQ/,
    )
  })
})

function places(...names: readonly string[]): string[] {
  return names.flatMap((name) => ['--log-dir', goldenDirectory(name)])
}

async function describeCluster(...names: readonly string[]) {
  const { status, stdout } = await ktool(['cluster', 'describe', ...places(...names), '-o', 'json'])
  return { status, cluster: JSON.parse(stdout.toString()) as unknown }
}

import { expect, it } from 'vitest'
import type { Row, SettingsRoom } from './room.ts'
import { replicasOf } from './topic-tests.ts'

/** What ktool and Kafka's tools tell of the cluster itself. */
export function clusterTests(room: () => SettingsRoom): void {
  it('has the id, the nodes and the leader that they say', async () => {
    const { single } = await room().ours('cluster', 'describe')
    const [, id] = /Cluster ID: (\S+)/.exec(await room().theirs('cluster', 'cluster-id')) ?? []
    const status = await quorumStatus()
    expect(single).toMatchObject({ clusterId: id, controller: Number(status.LeaderId) })
    expect(status.ClusterId).toBe(id)
    const [voter] = JSON.parse(String(status.CurrentVoters)) as { id: number; endpoints: string[] }[]
    const [node] = single.nodes as { id: number; listeners: string[] }[]
    expect(node?.id).toBe(voter?.id)
    expect(node?.listeners).toEqual(expect.arrayContaining(voter?.endpoints ?? ['']))
  })

  it('has the brokers that they say', async () => {
    const [, ...lines] = (await room().theirs('cluster', 'list-endpoints')).trim().split('\n')
    const ours = (await room().rows('cluster', 'brokers')).map(({ id, host, port, rack, state }) =>
      [id, host, port, rack, state === 'up' ? 'unfenced' : state, 'broker'].join(' '),
    )
    expect(ours).toEqual(lines.map((line) => line.trim().split(/\s+/).join(' ').replace(' null ', '  ')))
  })

  it('has the quorum that they say', async () => {
    const before = await quorumStatus()
    const [row] = await room().rows('cluster', 'quorum')
    const after = await quorumStatus()
    expect(row).toMatchObject({
      leader: Number(after.LeaderId),
      leaderEpoch: Number(after.LeaderEpoch),
      lag: Number(after.MaxFollowerLag),
    })
    // It goes on by itself, twice a second.
    expect(row?.highWatermark).toBeGreaterThanOrEqual(Number(before.HighWatermark))
    expect(row?.highWatermark).toBeLessThanOrEqual(Number(after.HighWatermark))
    const replicas = await room().theirs('metadata-quorum', 'describe', '--replication')
    const [, node, directoryId, end, lag, , , role] = cellsOf(replicas.trim().split('\n')[1])
    expect(row).toMatchObject({ node: Number(node), lag: Number(lag), role })
    expect(row?.directoryId ?? 'AAAAAAAAAAAAAAAAAAAAAA').toBe(directoryId)
    expect(row?.logEnd).toBeLessThanOrEqual(Number(end))
  })

  it('has the features that they say, in their levels', async () => {
    const theirs = (await room().theirs('features', 'describe'))
      .split('\n')
      .filter((line) => line.startsWith('Feature: '))
      .map((line) =>
        line
          .replace(/\s*Epoch: .*/, '')
          .split(/\s+/)
          .join(' '),
      )
    expect((await room().rows('cluster', 'features')).map(featureLine)).toEqual(theirs)
    expect(theirs.length).toBeGreaterThan(5)
  })

  it('has the log directories that they say, replica by replica', async () => {
    await room().ours('topics', 'create', 'lying', '-p', '2', '--yes')
    await room().settled()
    const theirs = replicasOf(await room().theirs('log-dirs', '--describe'))
    const ours = (await room().rows('cluster', 'log-dirs', '--replicas')).map(
      ({ topic, partition, sizeBytes, offsetLag, future }) => ({
        ...{ partition: `${topic}-${partition}`, size: sizeBytes, offsetLag },
        isFuture: future,
      }),
    )
    expect(ours.sort((a, b) => (a.partition < b.partition ? -1 : 1))).toEqual(theirs)
    const [directory] = await room().rows('cluster', 'log-dirs')
    expect(directory).toMatchObject({ directory: room().kafka.logDir, replicas: theirs.length })
    const own = replicasOf(await room().theirs('log-dirs', '--describe', '--topic-list', 'lying'))
    const [alone] = await room().rows('cluster', 'log-dirs', '1', '--topic', 'lying')
    expect(alone?.replicas).toBe(own.length)
  })

  async function quorumStatus(): Promise<Record<string, string>> {
    const said = await room().theirs('metadata-quorum', 'describe', '--status')
    const pairs = said.split('\n').map((line) => /^(\w+):\s+(.*)$/.exec(line) ?? [])
    return Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value]))
  }
}

function cellsOf(line: string | undefined): string[] {
  return ['', ...(line ?? '').split('\t').map((cell) => cell.trim())]
}

/** As kafka-features has it; of metadata.version it says the names of the levels. */
function featureLine(row: Row): string {
  const { feature, finalized, release, supportedMin, supportedMax, supportedRelease } = row
  const least = feature === 'metadata.version' ? '3.3-IV3' : supportedMin
  const levels = [`SupportedMinVersion: ${least}`, `SupportedMaxVersion: ${supportedRelease ?? supportedMax}`]
  return [`Feature: ${feature}`, ...levels, `FinalizedVersionLevel: ${release ?? finalized}`].join(' ')
}

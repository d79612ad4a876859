import { expect, it } from 'vitest'
import { featuresOfRelease, metadataVersionName } from '../../../src/lib/model/metadata-versions.ts'
import type { SettingsRoom } from './room.ts'

/** What ktool and kafka-features do to levels of features. */
export function featureTests(room: () => SettingsRoom): void {
  it('are what kafka-features has for every release', async () => {
    // From the oldest that Kafka 4.3 knows to the newest.
    for (let level = 7; level <= 31; level += 1) {
      const name = metadataVersionName(level) ?? ''
      const said = await room().theirs('features', 'version-mapping', '--release-version', name)
      const theirs = said.split('\n').flatMap((line) => {
        const [, feature, number] = /^([\w.]+)=(\d+)/.exec(line.trim()) ?? []
        return feature === undefined ? [] : [[feature, Number(number)] as const]
      })
      expect([...featuresOfRelease(level)], name).toEqual(theirs.sort(([a], [b]) => (a < b ? -1 : 1)))
    }
  })

  it('are set by one and described by the other, both ways', async () => {
    const before = await theirLevel('group.version')
    expect(before).toBe('1')
    await room().done('cluster', 'features set', 'group.version=0', '--downgrade', 'safe')
    expect(await theirLevel('group.version')).toBe('0')
    await room().theyDo('features', 'upgrade', '--feature', 'group.version=1')
    expect(await ourLevel('group.version')).toBe(1)
    await room().theyDo('features', 'disable', '--feature', 'share.version')
    expect(await ourLevel('share.version')).toBe(0)
    await room().done('cluster', 'features set', 'share.version=1')
    expect(await theirLevel('share.version')).toBe('1')
    const again = await room().rows('cluster', 'features set', 'share.version=1', '--yes')
    expect(again).toMatchObject([{ status: 'unchanged' }])
  })

  it.each([
    [
      ['downgrade', '--feature', 'metadata.version=29'],
      ['metadata.version=4.2', '--downgrade', 'safe'],
    ],
    [
      ['downgrade', '--feature', 'metadata.version=29', '--unsafe'],
      ['metadata.version=29', '--downgrade', 'unsafe', '--confirm', 'metadata.version'],
    ],
    [['upgrade', '--feature', 'metadata.version=31'], ['metadata.version=4.4-IV0']],
    [['upgrade', '--feature', 'group.version=2'], ['group.version=2']],
    [['upgrade', '--feature', 'no.such.version=1'], ['no.such.version=1']],
    [['upgrade', '--feature', 'metadata.version=29'], ['metadata.version=29']],
  ])('are refused by both: %j', async (theirs, argv) => {
    const said = await room().theirRun('features', ...theirs)
    const ours = await room().ours('cluster', 'features set', ...argv, '--yes')
    expect([said.status, ours.status, ours.errors.length], said.stdout + said.stderr).toEqual([1, 1, 1])
  })

  async function theirLevel(feature: string): Promise<string | undefined> {
    const said = await room().theirs('features', 'describe')
    const line = said.split('\n').find((each) => each.startsWith(`Feature: ${feature} `))
    return /FinalizedVersionLevel: (\S+)/.exec(line ?? '')?.[1]
  }

  async function ourLevel(feature: string): Promise<unknown> {
    const rows = await room().rows('cluster', 'features')
    return rows.find((row) => row.feature === feature)?.finalized
  }
}

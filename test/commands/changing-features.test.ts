import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { updateFeatures } from '../../src/lib/protocol/apis/update-features.ts'
import { errorCodes } from '../../src/lib/protocol/error-codes.ts'
import { type ChangeRoom, changeRoom } from '../support/change-room.ts'
import { jsonLive } from '../support/run-live.ts'
import { answers, scriptedPeer } from '../support/scripted-peer.ts'

describe('cluster features set', () => {
  let room: ChangeRoom

  beforeAll(async () => {
    room = await changeRoom()
  })
  afterAll(() => room[Symbol.asyncDispose]())
  beforeEach(() => room.proxy.forget())

  const set = (...argv: string[]) => room.rows('cluster features set', ...argv, '-y')
  const levelOf = async (name: string) =>
    (await room.rows('cluster features')).items.find(({ feature }) => feature === name)?.finalized

  it('raises and disables one, does nothing twice, and undoes it', async () => {
    await set('group.version=0', '--downgrade', 'safe')
    room.proxy.forget()
    const raised = await set('group.version=1')
    expect(raised.items).toMatchObject([
      { item: 'group.version', action: 'upgrade', before: 0, after: 1, status: 'done' },
    ])
    expect(await levelOf('group.version')).toBe(1)
    expect(room.proxy.changing().map(({ api }) => api)).toEqual(['UpdateFeatures'])
    room.proxy.forget()
    const again = await set('group.version=1')
    expect(again.items).toMatchObject([{ status: 'unchanged' }])
    expect(room.proxy.changing()).toEqual([])

    const low = await set('group.version=0')
    expect(low.status).toBe(1)
    expect(low.json.errors).toMatchObject([
      { code: 'feature-downgrade', hint: expect.stringContaining('--downgrade safe') },
    ])
    const disabled = await set('group.version=0', '--downgrade', 'safe')
    expect(disabled.items).toMatchObject([{ action: 'disable', before: 1, after: 0, status: 'done' }])
    expect(await levelOf('group.version')).toBe(0)
    const [kept = ''] = room.rollbacks().slice(-1)
    expect((await room.rows('apply', kept, '-y')).items).toMatchObject([
      { before: 0, after: 1, status: 'done' },
    ])
    const [back = ''] = room.rollbacks().slice(-1)
    expect((await room.rows('apply', back, '-y')).items).toMatchObject([
      { before: 1, after: 0, status: 'done' },
    ])
  })

  it('shows by a dry run what the controller would say, and keeps a plan in a file', async () => {
    const refused = await room.rows(
      'cluster features set',
      'metadata.version=4.2',
      '--downgrade',
      'safe',
      '--dry-run',
    )
    expect(refused).toMatchObject({
      status: 1,
      items: [{ before: { level: 30, release: '4.3-IV0' }, after: { level: 29, release: '4.2-IV1' } }],
      json: {
        errors: [{ message: expect.stringMatching(/^Unsupported metadata.version downgrade from 30 to 29/) }],
      },
    })
    expect(room.proxy.changing()).toEqual([])
    await set('share.version=0', '--downgrade', 'safe')
    room.proxy.forget()
    const plan = room.path('features.json')
    await room.rows('cluster features set', 'share.version=1', '--plan-out', plan)
    expect(room.proxy.changing()).toEqual([])
    expect(JSON.parse(readFileSync(plan, 'utf8'))).toMatchObject({ kind: 'features.update' })
    expect((await room.rows('apply', plan, '-y')).items).toMatchObject([{ status: 'done' }])
    expect((await room.rows('apply', plan, '-y')).items).toMatchObject([{ status: 'unchanged' }])
  })

  it('sets all of a release in one request', async () => {
    const { items } = await room.rows('cluster features set', '--release', '4.3', '--dry-run')
    expect(items.map(({ item, after }) => [item, after])).toEqual([
      ['eligible.leader.replicas.version', 1],
      ['group.version', 1],
      ['kraft.version', 1],
      ['metadata.version', { level: 30, release: '4.3-IV0' }],
      ['share.version', 1],
      ['streams.version', 1],
      ['transaction.version', 2],
    ])
    const trials = room.proxy.asked.filter(({ api }) => api === 'UpdateFeatures')
    expect(trials).toMatchObject([{ question: { validateOnly: true } }])
  })

  it.each([
    [['grup.version=1'], 'no-such-feature', /did you mean group\.version/],
    [['group.version=2'], 'feature-level-not-supported', /ktool cluster features/],
    [['metadata.version=4.4-IV0'], 'feature-level-not-supported', /ktool cluster features/],
  ])('refuses %j before anything is sent', async (words, code, hint) => {
    const { status, json } = await set(...words)
    expect(status).toBe(1)
    expect(json.errors).toMatchObject([{ code, hint: expect.stringMatching(hint) }])
    expect(room.proxy.asked.filter(({ api }) => api === 'UpdateFeatures')).toEqual([])
  })

  it.each([
    [['metadata.version=9.9'], /metadata\.version=4\.2-IV1, its number, or a release: .*4\.3/],
    [['group.version'], /write it like share\.version=1/],
    [['group.version=1', 'group.version=0'], /is named twice/],
    [['--release', '9.9'], /is no release whose features are known/],
    [['group.version=1', '--release', '4.3'], /not both/],
    [[], /not both/],
  ])('is told at once where %j says nothing that can be', async (argv, words) => {
    const { status, stderr } = await room.said('cluster features set', [...argv, '-y'])
    expect(status).toBe(2)
    expect(stderr).toMatch(words)
    expect(room.proxy.asked).toEqual([])
  })

  it('wants the name of what an unsafe downgrade may lose', async () => {
    const argv = ['transaction.version=1', '--downgrade', 'unsafe']
    const { status, stderr } = await room.said('cluster features set', [...argv, '-y'])
    expect(status).toBe(2)
    expect(stderr).toContain('--confirm transaction.version')
    expect(room.proxy.changing()).toEqual([])
    const { items } = await room.rows('cluster features set', ...argv, '--confirm', 'transaction.version')
    expect(items).toMatchObject([{ before: 2, after: 1, status: 'done' }])
    const [sent] = room.proxy.changing()
    expect(sent?.question).toMatchObject({ featureUpdates: [{ upgradeType: 3 }] })
    await set('transaction.version=2')
  })

  it.each([
    ['an unsafe downgrade under another name', { downgrade: 'unsafe' }, [2, 1]],
    ['a level that there cannot be', { downgrade: null }, [2, 70000]],
    ['half a level', { downgrade: null }, [2, 2.5]],
  ])('does no plan with %s', async (_what, settings, [before, after]) => {
    const plan = room.path('altered.json')
    await room.rows('cluster features set', 'share.version=1', '--plan-out', plan)
    const made = JSON.parse(readFileSync(plan, 'utf8'))
    const step = { item: 'transaction.version', action: 'set', before, after }
    writeFileSync(plan, JSON.stringify({ ...made, settings, steps: [step] }))
    const { status, json } = await room.rows('apply', plan, '-y')
    expect(status).toBe(1)
    expect(json.errors).toMatchObject([{ item: 'transaction.version', code: 'malformed-plan' }])
    expect(room.proxy.changing()).toEqual([])
    expect(await levelOf('transaction.version')).toBe(2)
  })

  it('tells which of several was refused, and that the others go with it', async () => {
    const words = 'Invalid update version 1 for feature b.version. It may not.'
    const levels = {
      supportedFeatures: ['a', 'b'].map((name) => ({
        name: `${name}.version`,
        minVersion: 0,
        maxVersion: 1,
      })),
    }
    await using peer = await scriptedPeer(
      [
        answers(updateFeatures, () => ({
          errorCode: errorCodes.INVALID_UPDATE_VERSION,
          errorMessage: `The update failed for all features since the following feature had an error: ${words}`,
        })),
      ],
      { versionsFacts: { ...levels, finalizedFeaturesEpoch: 1n } },
    )
    const { status, json } = await jsonLive('cluster features set', peer.bootstrap, [
      'a.version=1',
      'b.version=1',
      '-y',
    ])
    expect(status).toBe(1)
    expect(json.errors).toMatchObject([
      {
        item: 'a.version',
        code: 'refused-with-others',
        message: 'left as it is, since b.version was refused',
      },
      { item: 'b.version', code: 'invalid-update-version', message: words },
    ])
    expect(peer.of(updateFeatures)).toMatchObject([{ question: { validateOnly: true } }])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OwnKafka, startOwnKafka } from '../kafka/start-own.ts'
import { KafkaTools } from '../kafka/tools.ts'
import type { Row, SettingsRoom } from './room.ts'

/** Who has a vote in the metadata quorum, by ktool and by kafka-metadata-quorum. */
export function voterTests(room: () => SettingsRoom): void {
  it.each([
    ['quorum add', '2', '--endpoint', 'CONTROLLER://127.0.0.1:1'],
    ['quorum remove', '1'],
  ])('are refused where they stand in files: %s', async (verb, ...argv) => {
    const { status, errors } = await room().ours('cluster', verb, ...argv, '--yes')
    expect(status).toBe(1)
    expect(errors).toMatchObject([{ code: 'static-quorum' }])
    const id = ['--controller-id', '1', '--controller-directory-id', 'MmUvMNd9SOiJoAMeavCsCg']
    expect((await room().theirRun('metadata-quorum', 'remove-controller', ...id)).status).toBe(1)
  })

  describe('of a quorum that keeps them itself', () => {
    let first: OwnKafka
    let second: OwnKafka
    const tools = new KafkaTools()

    beforeAll(async () => {
      first = await startOwnKafka('first-voter', { isFirstVoter: true })
      second = await startOwnKafka('second-voter', { firstVoter: first })
    })
    afterAll(async () => {
      await tools.stop()
      for (const node of [second, first]) {
        await node?.stop()
        node?.remove()
      }
    })

    const ours = (verb: string, ...argv: string[]) =>
      room().oursAt(`127.0.0.1:${first.port}`, 'cluster', verb, ...argv)
    const quorum = async () => (await ours('quorum')).items.map(({ node, role }) => [node, role])
    const theirs = (...args: string[]) =>
      tools.tell('metadata-quorum', ['--bootstrap-server', `127.0.0.1:${first.port}`, ...args])

    it('are added and removed, as kafka-metadata-quorum has it', async () => {
      await expect.poll(quorum).toEqual([
        [1, 'Leader'],
        [2, 'Observer'],
      ])
      const wrong = await ours('quorum add', '2', '--endpoint', 'CONTROLLER://127.0.0.1:1', '--yes')
      expect(wrong).toMatchObject({ status: 1, errors: [{ code: 'voter-not-reached' }] })
      const endpoint = `CONTROLLER://127.0.0.1:${second.controllerPort}`
      // A leader that has just failed to reach a node waits for a moment before it tries again.
      let added = wrong
      const add = async () => {
        added = await ours('quorum add', '2', '--endpoint', endpoint, '--yes')
        return added.items
      }
      await expect.poll(add).toMatchObject([{ after: [endpoint], status: 'done' }])
      expect(await theirVoters()).toEqual([
        ['1', 'Leader'],
        ['2', 'Follower'],
      ])
      const again = await ours('quorum add', '2', '--endpoint', endpoint, '--yes')
      expect(again).toMatchObject({ status: 0, items: [{ status: 'unchanged' }] })
      // They take one away, and we give it back.
      const [, directory = ''] = String((added.items[0] as Row).item).split('@')
      await theirs('remove-controller', '--controller-id', '2', '--controller-directory-id', directory)
      await expect.poll(quorum).toEqual([
        [1, 'Leader'],
        [2, 'Observer'],
      ])
      const back = await ours('quorum add', `2@${directory}`, '--endpoint', endpoint, '--yes')
      expect(back).toMatchObject({ status: 0, items: [{ status: 'done' }] })
      const removed = await ours('quorum remove', '2', '--yes')
      expect(removed).toMatchObject({ status: 0, items: [{ status: 'done' }] })
      expect(await theirVoters()).toEqual([
        ['1', 'Leader'],
        ['2', 'Observer'],
      ])
      const last = await ours('quorum remove', '1', '--yes')
      expect(last).toMatchObject({ status: 1, errors: [{ code: 'last-voter' }] })
    })

    async function theirVoters(): Promise<string[][]> {
      const [, ...lines] = (await theirs('describe', '--replication')).trim().split('\n')
      return lines.map((line) => {
        const cells = line.trim().split(/\s+/)
        return [cells[0] ?? '', cells.at(-1) ?? '']
      })
    }
  })
}

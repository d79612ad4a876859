import { describe, expect, it } from 'vitest'
import { goldenLines } from '../../../../golden/vectors.ts'
import type { Story } from '../../../../replay/group-stories/events.ts'
import { retell, Teller } from '../../../../replay/group-stories/retell.ts'

const stories = goldenLines<Story>('broker/group-stories.ndjson.gz')

describe('what members of a group did on Apache Kafka, told again to ours', () => {
  it.each(stories.map((story) => [story.group, story] as const))('%s', async (_, story) => {
    expect(await retell(story)).toEqual([])
  })
})

interface Rest {
  readonly state: string
  readonly members: readonly { readonly memberId: string; readonly assignment: string }[]
}

interface Crash {
  readonly title: string
  readonly story: Story
  /** The number of the event before which it happens. */
  readonly at: number
  /** Where the group was last at rest: a rebalance is lost, what it came to is not. */
  readonly rest: Rest
}

const EVERY = 5

function crashesOf(story: Story): Crash[] {
  let rest: Rest | undefined
  const crashes: Crash[] = []
  for (const [at, event] of story.events.entries()) {
    if (!('answer' in event)) continue
    const { state, members } = event.said as unknown as Partial<Rest>
    if (state === undefined || members === undefined) continue
    if (state === 'Stable' || state === 'Empty') rest = { state, members }
    if (rest !== undefined) crashes.push({ title: `${story.group}, event ${at}, ${state}`, story, at, rest })
  }
  return crashes.filter((_, i) => i % EVERY === 0)
}

describe('a coordinator that crashes in the midst of them knows who had been given what', () => {
  it.each(stories.flatMap(crashesOf))('$title', async ({ story, at, rest }) => {
    const teller = new Teller(story)
    expect(await teller.tell(at)).toEqual([])
    const committed = await teller.rig.committed()
    await teller.rig.crash()
    const found = teller.rig.coordinator.describe('g')
    const given = found?.members.map(({ memberId, assignment }) => [memberId, assignment.toString()])
    expect(found?.state).toBe(rest.state)
    expect(given).toEqual(rest.members.map(({ memberId, assignment }) => [memberId, assignment]))
    expect(await teller.rig.committed()).toBe(committed)
  })
})

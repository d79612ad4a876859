import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../random.ts'
import { type Story, storySettings } from '../replay/group-stories/events.ts'
import { Recorder } from '../replay/group-stories/record.ts'
import { retell } from '../replay/group-stories/retell.ts'
import { Storyteller } from '../replay/group-stories/write.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { toldAnew } from './told-anew.ts'
import { connected } from './wire/connection.ts'
import { GROUP, untilCoordinated } from './wire/coordinators.ts'
import { createTopic } from './wire/topics.ts'

const seed = seedOfRun()
const golden = fileURLToPath(new URL('../golden/broker/group-stories.ndjson.gz', import.meta.url))

/** More of them: KTOOL_STORIES=20. */
const STORIES = Number(process.env.KTOOL_STORIES ?? 8)
const TURNS = 12
const topic = 'stories'

let kafka: OwnKafka

beforeAll(async () => {
  kafka = await startOwnKafka('group-stories', {
    properties: { 'offsets.topic.num.partitions': 3, ...storySettings },
  })
  await connected(kafka.port, async (connection) => {
    await createTopic(connection, topic)
    await untilCoordinated(connection, GROUP, ['story'])
  })
}, 60_000)

afterAll(async () => {
  await kafka.stop()
  kafka.remove()
})

function write(number: number, again = 0): Promise<Story> {
  const group = `story-${seed}-${number}-${again}`
  const recorder = new Recorder(kafka.port, group, topic)
  return new Storyteller(recorder, storySettings, randomDraw(seed + number)).write(group, TURNS)
}

function differences(number: number, story: Story): Promise<string[]> {
  const differing = async (again: number) => retell(again === 0 ? story : await write(number, again))
  return toldAnew(differing, (found) => found.length === 0)
}

describe(`members of classic groups, seed ${seed}`, () => {
  it(
    'are answered by our coordinator what Apache Kafka answers them, and when',
    async () => {
      const stories = await Promise.all(Array.from({ length: STORIES }, (_, i) => write(i)))
      for (const [i, story] of stories.entries()) expect(await differences(i, story), story.group).toEqual([])
      if (process.env.KTOOL_RECORD === undefined) return
      writeFileSync(golden, gzipSync(stories.map((story) => `${JSON.stringify(story)}\n`).join('')))
    },
    TURNS * 2000 + 120_000,
  )
})

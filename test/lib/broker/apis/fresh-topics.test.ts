import { expect, it } from 'vitest'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { NodeRig } from './node-rig.ts'

it('a topic that is made because somebody asks for it is missing until a Kafka broker would have heard of it', async () => {
  const rig = await NodeRig.open()
  const ask = async (allowAutoTopicCreation: boolean) => {
    const { topics } = await rig.ask(metadata, 12, { topics: [{ name: 'new' }], allowAutoTopicCreation })
    return topics.map(({ name, errorCode, partitions }) => [name, errorCode, partitions.length])
  }
  expect(await ask(true)).toEqual([['new', 3, 0]])
  await rig.clock.pass(30)
  expect(await ask(true)).toEqual([['new', 3, 0]])
  await rig.clock.pass(25)
  expect(await ask(false)).toEqual([['new', 0, 1]])
})

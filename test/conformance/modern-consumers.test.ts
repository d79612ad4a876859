import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { java } from './kafka/java.ts'
import { groupSettings } from './kafka/server-properties.ts'
import { toldAnew } from './told-anew.ts'

let ours: BrokerInProcess

beforeAll(async () => {
  ours = await brokerInProcess({
    settings: { ...groupSettings, 'offsets.topic.num.partitions': '3', 'auto.create.topics.enable': 'false' },
  })
})

afterAll(() => ours[Symbol.asyncDispose]())

it('Java’s consumers of the newer protocol see on the local broker what they see on Apache Kafka', async () => {
  const theirs = `127.0.0.1:${inject('kafka').ports.plain}`
  const tell = (again: number) => {
    const prefix = `modern-${process.pid}-${again}-`
    return Promise.all([theirs, ours.bootstrap].map((bootstrap) => seen(bootstrap, prefix)))
  }
  const isAlike = ([onKafka, onOurs]: string[][]) => onKafka?.join() === onOurs?.join()
  const [onKafka, onOurs] = await toldAnew(tell, isAlike)
  expect(onOurs).toEqual(onKafka)
  expect(onKafka?.filter((line) => line.includes('broken off'))).toEqual([])
  expect(ours.lines.filter((line) => line.startsWith('error'))).toEqual([])
}, 180_000)

async function seen(bootstrap: string, prefix: string): Promise<string[]> {
  const printed = await java('ModernConsumers', [bootstrap, prefix])
  return printed
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/g, 'ID'))
}

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { AskedBroker } from './partitions/asked-broker.ts'
import { produceQuestions } from './partitions/produce-questions.ts'
import { readQuestions } from './partitions/read-questions.ts'

let running: BrokerInProcess
let ours: AskedBroker
let kafka: AskedBroker

beforeAll(async () => {
  running = await brokerInProcess()
  ours = new AskedBroker(running.port)
  kafka = new AskedBroker(inject('kafka').ports.plain)
})

afterAll(async () => {
  ours.close()
  kafka.close()
  await running[Symbol.asyncDispose]()
})

describe('the local broker answers as Apache Kafka does about', () => {
  it.each(Object.entries({ ...produceQuestions, ...readQuestions }))('%s', async (_subject, questions) => {
    const [expected, found] = [await questions(kafka), await questions(ours)]
    for (const [title, answer] of Object.entries(expected)) expect(found[title], title).toEqual(answer)
    expect(Object.keys(found)).toEqual(Object.keys(expected))
  })
})

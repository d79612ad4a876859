import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { brokerInProcess } from '../../../support/broker-in-process.ts'
import { askAboutConfigs, type ConfigAnswer } from '../../../support/config-answers.ts'
import { settingsInQuestion } from '../../../support/config-questions.ts'

const golden = new URL('../../../golden/configs/answers.ndjson.gz', import.meta.url)

describe('the APIs of settings', () => {
  it('answer as Apache Kafka answered', async () => {
    const recorded = gunzipSync(readFileSync(golden)).toString().trim().split('\n')
    const kafkas = recorded.map((line) => JSON.parse(line) as ConfigAnswer)
    await using broker = await brokerInProcess({ settings: settingsInQuestion })
    const ours = await askAboutConfigs(broker.port)
    expect(ours.map(({ title }) => title)).toEqual(kafkas.map(({ title }) => title))
    for (const [i, { title, answer }] of ours.entries()) expect(answer, title).toEqual(kafkas[i]?.answer)
  })
})

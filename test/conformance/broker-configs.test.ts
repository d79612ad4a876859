import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { describeConfigs } from '../../src/lib/protocol/apis/describe-configs.ts'
import { askAboutConfigs, type ConfigAnswer } from '../support/config-answers.ts'
import { settingsInQuestion } from '../support/config-questions.ts'
import { startOwnKafka } from './kafka/start-own.ts'

const golden = new URL('../golden/configs/answers.ndjson.gz', import.meta.url)
/** The broker hears of an alteration after its controller has answered. */
const PATIENCE_MS = 5000
const PAUSE_MS = 100

describe('questions about settings', () => {
  it('have the answers that the local broker is held to', async () => {
    const kafka = await startOwnKafka('broker-configs', { properties: settingsInQuestion })
    try {
      if (process.env.KTOOL_RECORD === undefined) await compare(kafka.port)
      else await record(kafka.port)
    } finally {
      await kafka.stop()
      kafka.remove()
    }
  })
})

async function compare(port: number): Promise<void> {
  const recorded = gunzipSync(readFileSync(golden)).toString().trim().split('\n')
  const expected = recorded.map((line) => JSON.parse(line) as ConfigAnswer)
  await askAboutConfigs(port, async (ask, { title }, at) => {
    const wanted = expected[at]?.answer
    let answer = await ask()
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += PAUSE_MS) {
      if (title !== expected[at]?.title || isDeepStrictEqual(answer, wanted)) break
      await setTimeout(PAUSE_MS)
      answer = await ask()
    }
    expect({ title, answer }).toEqual(expected[at])
  })
}

async function record(port: number): Promise<void> {
  const answers = await askAboutConfigs(port, async (ask, { api }) => {
    if (api.key === describeConfigs.key) await setTimeout(PAUSE_MS * 5)
    return ask()
  })
  writeFileSync(golden, gzipSync(answers.map((answer) => `${JSON.stringify(answer)}\n`).join('')))
}

import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { predictStart } from '../../../../src/lib/log/start/predict-start.ts'
import type { StartOutcome } from '../../../../src/lib/log/start/start-prediction.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { goldenText } from '../../../golden/vectors.ts'

const turns = { isDue: () => false, turn: async () => {} }
/** Kafka was asked then: its memory of the producers, who wrote in 2023, was long over. */
const nowMs = Date.UTC(2026, 0, 1)

interface Start {
  readonly comesUp: boolean
  readonly logStartOffset?: number
  readonly logEndOffset?: number
  readonly files?: Record<string, string> | null
  readonly filesAfterStop?: Record<string, number>
}

const { cases } = JSON.parse(goldenText('disk/corrupt/expected.json')) as {
  cases: Record<string, { brokerUncleanStart: Start; brokerCleanStart: Start }>
}

describe('the start of Kafka 4.3.1 is foretold', () => {
  test.each(Object.keys(cases))('on %s', async (name) => {
    const path = fileURLToPath(
      new URL(`../../../golden/disk/corrupt/cases/${name}/victim-0`, import.meta.url),
    )
    const prediction = await predictStart(systemDisk, openPartitionFolder(systemDisk, path), { nowMs, turns })
    const { brokerCleanStart, brokerUncleanStart } = cases[name] ?? expect.fail('no such case')
    expect(facts(prediction.unclean), 'unclean').toEqual(expected(brokerUncleanStart))
    expect(facts(prediction.clean), 'clean').toEqual(expected(brokerCleanStart))
    if (brokerUncleanStart.comesUp)
      expect(seen(prediction.unclean, brokerUncleanStart)).toEqual(changed(brokerUncleanStart))
    if (brokerCleanStart.comesUp)
      expect(seen(prediction.clean, brokerCleanStart)).toEqual(changed(brokerCleanStart))
  })
})

function facts({ comesUp, logStartOffset, logEndOffset }: StartOutcome) {
  return { comesUp, logStartOffset, logEndOffset }
}

function expected({ comesUp, logStartOffset, logEndOffset }: Start) {
  return { comesUp, logStartOffset: logStartOffset ?? null, logEndOffset: logEndOffset ?? null }
}

/** What a file becomes; for an index its entries, for the leader epochs nothing: the leader writes them anew. */
function changes({ files }: StartOutcome): Record<string, string> {
  const lines: [string, string][] = []
  for (const { name, action, sizeBytes, renamedTo } of files ?? []) {
    if (name === 'leader-epoch-checkpoint' || action === 'keep') continue
    if (action === 'delete' || action === 'rename') lines.push([name, 'gone'])
    if (renamedTo !== null && !(files ?? []).some((file) => file.name === renamedTo)) {
      lines.push([renamedTo, `${sizeBytes} bytes`])
    }
    if (action === 'truncate' || action === 'rebuild') lines.push([name, `${sizeBytes} bytes`])
  }
  return Object.fromEntries(lines)
}

/** Whether an active index was only filled with room, or has other entries of the same size, Kafka's sizes hide. */
function seen(outcome: StartOutcome, { files }: Start): Record<string, string> {
  const isHidden = ([name, size]: [string, string]) =>
    files?.[name]?.startsWith(`${size.split(' ')[0]} -> 409`) === true
  return Object.fromEntries(Object.entries(changes(outcome)).filter((line) => !isHidden(line)))
}

/** The same of what Kafka did. The preallocated size of active indexes says nothing about their entries. */
function changed({ files, filesAfterStop }: Start): Record<string, string> {
  const lines = Object.entries(files ?? {}).flatMap(([name, what]): [string, string][] => {
    if (name === 'leader-epoch-checkpoint') return []
    if (what === 'gone') return [[name, 'gone']]
    const [, before, after] = /^(?:(\d+) -> |new, )(\d+) bytes$/.exec(what) ?? []
    const isGrown = after === '4096' || after === '4092'
    const size = isGrown ? filesAfterStop?.[name] : (after ?? filesAfterStop?.[name])
    return isGrown && before === `${size}` ? [] : [[name, `${size} bytes`]]
  })
  return Object.fromEntries(lines)
}

import { describe, expect, it } from 'vitest'
import { watched } from '../../../src/lib/cli/watched.ts'
import { render } from '../../../src/lib/output/render.ts'
import { item, watch } from '../../../src/lib/output/result.ts'
import { column, type Shape } from '../../../src/lib/output/shape.ts'
import { watchedTab } from '../../../src/lib/output/watch.ts'
import { fakeSurroundings } from './surroundings.ts'

interface Row {
  readonly topic: string
  readonly lag: number
}

const shape: Shape<Row> = { version: 1, columns: [column('topic'), column('lag', { kind: 'number' })] }

describe('what is watched where nobody looks', () => {
  it('is rows with the time of their round, until it is interrupted', async () => {
    expect(await watchedIn('jsonl', 3)).toEqual([
      '{"at":1000,"topic":"orders","lag":1}',
      '{"at":3000,"topic":"orders","lag":2}',
      '{"at":5000,"topic":"orders","lag":3}',
    ])
  })

  it('is one document in JSON, whole at its end', async () => {
    const lines = await watchedIn('json', 2)
    expect(JSON.parse(lines.join('\n')).items).toEqual([
      { at: 1000, topic: 'orders', lag: 1 },
      { at: 3000, topic: 'orders', lag: 2 },
    ])
  })

  it('has one head as a table', async () => {
    expect(await watchedIn('table', 2)).toEqual([
      'AT\tTOPIC\tLAG',
      '1970-01-01T00:00:01.000Z\torders\t1',
      '1970-01-01T00:00:03.000Z\torders\t2',
    ])
  })
})

it('leaves alone what is not watched', async () => {
  const result = item(shape, { topic: 'a', lag: 1 })
  expect(await watched(result, 'table', fakeSurroundings().surroundings)).toBe(result)
})

/** Time passes by the pauses alone. */
async function watchedIn(format: 'json' | 'jsonl' | 'table', rounds: number): Promise<string[]> {
  let nowMs = 1000
  let asked = 0
  const { surroundings, stdout, stderr } = fakeSurroundings({
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      after: (delayMs, run) => {
        nowMs += delayMs
        queueMicrotask(run)
        return () => {}
      },
    },
  })
  const sample = async () => {
    asked += 1
    if (asked === rounds) surroundings.stop.request(130)
    return { rows: [{ topic: 'orders', lag: asked }] }
  }
  const result = watch('lag', [watchedTab<Row>({ title: 'lag', shape, sample })], 2000)
  const rendering = { format, hasHeaders: true, isCsvSafe: false, isQuiet: false, nowMs, stdout, stderr }
  await render(await watched(result, format, surroundings), rendering)
  return stdout.text().trimEnd().split('\n')
}

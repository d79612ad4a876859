import { describe, expect, it } from 'vitest'
import { AuthError, CheckFailed, FailedError, UsageError } from '../../../src/lib/errors.ts'
import type { Format } from '../../../src/lib/output/formats.ts'
import { formatsOf } from '../../../src/lib/output/formats.ts'
import { type Rendering, render } from '../../../src/lib/output/render.ts'
import {
  type Batch,
  document,
  item,
  jsonLines,
  list,
  live,
  outcomes,
  raw,
  stream,
} from '../../../src/lib/output/result.ts'
import { fakeOutlet } from './fake-outlet.ts'
import { failure, nowMs, orders, type Parcel, parcels } from './rows.ts'

describe('something that goes on', () => {
  it('is told at once, in JSON on one line even on a terminal, and again at its end', async () => {
    for (const format of ['json', 'jsonl'] as const) {
      const stdout = fakeOutlet({ isTerminal: true })
      const stderr = fakeOutlet()
      const ended = async () => {
        expect(stdout.text()).toMatch(/^\{"version":1,.*\}\n$/)
        expect(stderr.text()).toBe('it runs\n')
        return { notes: ['it has ended'] }
      }
      const result = live(parcels, orders, ended, { notes: ['it runs'] })
      await render(result, renderingOf(format, { stdout, stderr }))
      expect(stderr.text()).toBe('it runs\nit has ended\n')
    }
  })
})

describe('items that failed', () => {
  const down = (item: string) => ({
    item,
    error: new FailedError('down', `${item} has no leader`, { hint: 'start broker 3' }),
  })
  const failures = ['big:7', 'big:2', 'big:3', 'big:4', 'orders:0', 'group'].map(down)

  it('for one reason are told in one, as they are typed', async () => {
    const stderr = fakeOutlet()
    const other = { item: 'x', error: new FailedError('gone', 'there is no topic "x"') }
    const result = list(parcels, [orders], { failures: [...failures, other] })
    await render(result, renderingOf('table', { stderr }))
    expect(stderr.text()).toBe(
      [
        'Error: big:7 has no leader',
        '  start broker 3',
        '  the same of 5 more: group, big:2-4, orders:0',
        'Error: there is no topic "x"',
        '',
      ].join('\n'),
    )
  })

  it('are told one by one where they are few, and to programs', async () => {
    const [stderr, forPrograms] = [fakeOutlet(), fakeOutlet()]
    const few = list(parcels, [orders], { failures: failures.slice(0, 3) })
    await render(few, renderingOf('table', { stderr }))
    expect(stderr.text().match(/^Error: big:[723] has no leader$/gm)).toHaveLength(3)
    await render(list(parcels, [orders], { failures }), renderingOf('jsonl', { stderr: forPrograms }))
    expect(forPrograms.text().match(/"item":/g)).toHaveLength(6)
  })

  it('are not all named where they are too many for anybody', async () => {
    const stderr = fakeOutlet()
    const many = Array.from({ length: 1000 }, (_, i) => down(`group-${i}`))
    await render(list(parcels, [orders], { failures: many }), renderingOf('table', { stderr }))
    expect(stderr.text()).toMatch(/ {2}the same of 999 more: group-1, .*group-20, and so on\n$/)
  })
})

describe('rows that come over time', () => {
  it('are written as they come, a batch at a time', async () => {
    const stdout = fakeOutlet()
    const written: number[] = []
    async function* batches(): AsyncGenerator<Batch<Parcel>> {
      for (let i = 0; i < 3; i++) {
        written.push(stdout.chunks.length)
        yield { rows: [orders, orders] }
      }
    }
    await render(stream(parcels, batches()), renderingOf('jsonl', { stdout }))

    expect(written).toEqual([0, 1, 2])
    expect(stdout.text().match(/\n/g)).toHaveLength(6)
  })

  it('stop at their source when nobody reads any more', async () => {
    const stdout = fakeOutlet({ closesAfter: 2 })
    let asked = 0
    let isStopped = false
    async function* batches(): AsyncGenerator<Batch<Parcel>> {
      try {
        for (;;) {
          asked += 1
          yield { rows: [orders] }
        }
      } finally {
        isStopped = true
      }
    }
    const tally = await render(stream(parcels, batches()), renderingOf('table', { stdout }))

    expect({ asked, isStopped }).toEqual({ asked: 3, isStopped: true })
    expect(tally.failedWith).toEqual(new Set())
  })

  it('are written a piece at a time where many come at once, as one document', async () => {
    const many = Array.from({ length: 2100 }, () => orders)
    for (const format of ['json', 'jsonl', 'csv', 'prom'] as const) {
      const stdout = fakeOutlet()
      const whole = fakeOutlet()
      async function* batches(): AsyncGenerator<Batch<Parcel>> {
        for (const row of many) yield { rows: [row] }
      }
      await render(list(parcels, many), renderingOf(format, { stdout }))
      await render(stream(parcels, batches()), renderingOf(format, { stdout: whole }))

      expect(stdout.text()).toBe(whole.text())
      if (format !== 'prom') expect(stdout.chunks.length).toBeGreaterThan(2)
    }
  })

  it('are one table on a terminal, however many come at once', async () => {
    const stdout = fakeOutlet({ isTerminal: true })
    const many = Array.from({ length: 2100 }, () => orders)
    await render(list(parcels, many), renderingOf('table', { stdout }))

    expect(stdout.chunks.filter((chunk) => chunk !== '')).toHaveLength(1)
  })

  it('leave stdout empty when their source fails before the first', async () => {
    const stdout = fakeOutlet()
    const batches: AsyncIterable<Batch<Parcel>> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new UsageError('x', 'no')) }),
    }

    await expect(render(stream(parcels, batches), renderingOf('json', { stdout }))).rejects.toThrow(
      UsageError,
    )
    expect(stdout.chunks).toEqual([])
  })

  it('grow their columns as they come, on a terminal', async () => {
    const stdout = fakeOutlet({ isTerminal: true, width: 200 })
    async function* batches(): AsyncGenerator<Batch<Parcel>> {
      yield { rows: [{ ...orders, name: 'a' }] }
      yield { rows: [{ ...orders, name: 'longer-name' }] }
    }
    await render(stream(parcels, batches()), renderingOf('table', { stdout }))

    const [header, first, second] = stdout.text().split('\n')
    expect(header).toMatch(/^NAME {2}OFFSET/)
    expect(first).toMatch(/^a {5} *42/)
    expect(second).toMatch(/^longer-name {2} *42/)
  })
})

describe('a list without rows', () => {
  it('is said to have none where somebody looks at it, and at nobody else', async () => {
    const notes = async (format: Format, isTerminal: boolean, failures = [] as (typeof failure)[]) => {
      const [stdout, stderr] = [fakeOutlet({ isTerminal }), fakeOutlet()]
      await render(list(parcels, [], { failures }), renderingOf(format, { stdout, stderr }))
      return stderr.text()
    }

    expect(await notes('table', true)).toBe('nothing found\n')
    expect(await notes('table', false)).toBe('')
    expect(await notes('json', true)).toBe('')
    expect(await notes('table', true, [failure])).not.toContain('nothing')
  })

  it('is said to have none where much was looked at that needs no row', async () => {
    const [stdout, stderr] = [fakeOutlet({ isTerminal: true }), fakeOutlet()]
    const result = list(parcels, [], { rowlessCount: 3 })
    const tally = await render(result, renderingOf('table', { stdout, stderr }))

    expect(stderr.text()).toBe('nothing found\n')
    expect(tally).toMatchObject({ workedCount: 3, rowCount: 0 })
  })
})

describe('items that failed', () => {
  it('go to stderr in words, and are counted', async () => {
    const stderr = fakeOutlet()
    const failures = [
      failure,
      { item: 'secret', error: new AuthError('topic-authorization-failed', 'not yours') },
    ]
    const tally = await render(list(parcels, [orders], { failures }), renderingOf('csv', { stderr }))

    expect(stderr.text()).toBe(
      'Error: gone: there is no such topic\n  ktool topics list\nError: secret: not yours\n',
    )
    expect(tally).toEqual({ workedCount: 1, rowCount: 1, failedWith: new Set([1, 4]), foundTrouble: false })
  })

  it.each([
    ['orders-0', 'orders-0 is no folder', 'orders-0 is no folder'],
    ['nope', 'there is no group "nope"', 'there is no group "nope"'],
    ['a/b', 'cannot list a/b: there is no such file', 'cannot list a/b: there is no such file'],
    ['orders', 'orders-0 is no folder', 'orders: orders-0 is no folder'],
    ['1', 'partition 1 is away', '1: partition 1 is away'],
    ['', 'a name is missing', '"": a name is missing'],
  ])('are named once: %s, of which is said that %s', async (item, message, said) => {
    const stderr = fakeOutlet()
    const failures = [{ item, error: new FailedError('failed', message) }]
    await render(list(parcels, [], { failures }), renderingOf('table', { stderr }))
    expect(stderr.text()).toBe(`Error: ${said}\n`)
  })

  it('stand in the document of json, and not on stderr again', async () => {
    const [stdout, stderr] = [fakeOutlet(), fakeOutlet()]
    const result = outcomes(parcels, [
      { item: 'orders', outcome: orders },
      { item: 'gone', outcome: failure.error },
    ])
    const tally = await render(result, renderingOf('json', { stdout, stderr }))

    expect(JSON.parse(stdout.text())).toMatchObject({
      items: [{ name: 'orders' }],
      errors: [{ item: 'gone' }],
    })
    expect(stderr.text()).toBe('')
    expect(tally.failedWith).toEqual(new Set([1]))
  })

  it('hide no bug', () => {
    expect(() => outcomes(parcels, [{ item: 'orders', outcome: new TypeError('x is undefined') }])).toThrow(
      TypeError,
    )
  })
})

describe('remarks', () => {
  it('say trouble on stderr, for the exit code', async () => {
    const stderr = fakeOutlet()
    const trouble = new CheckFailed('lag-over-limit', 'orders lags by 1200, the limit is 1000')
    const tally = await render(item(parcels, orders, { trouble }), renderingOf('json', { stderr }))

    expect(JSON.parse(stderr.text())).toEqual({
      error: { code: 'lag-over-limit', message: trouble.message, hint: null, details: {} },
    })
    expect(tally.foundTrouble).toBe(true)
  })

  it('are talk, which can be silenced', async () => {
    const [aloud, silenced] = [fakeOutlet(), fakeOutlet()]
    const result = () => list(parcels, [], { notes: ['no parcels'] })
    await render(result(), renderingOf('table', { stderr: aloud }))
    await render(result(), renderingOf('table', { stderr: silenced, isQuiet: true }))

    expect([aloud.text(), silenced.text()]).toEqual(['no parcels\n', ''])
  })
})

describe('JSON of a form of its own', () => {
  const note = 'a\u0085b\u2028c\u2029d\u007fe\u009bf'

  it('is a line for each value, to readers that end lines at other characters too', async () => {
    const stdout = fakeOutlet()
    async function* chunks() {
      yield { values: [{ note }, 7] }
      yield { values: [null], failures: [failure] }
    }
    const tally = await render(jsonLines(chunks()), renderingOf('table', { stdout }))
    expect(stdout.text()).toBe('{"note":"a\\u0085b\\u2028c\\u2029d\\u007fe\\u009bf"}\n7\nnull\n')
    expect(tally).toMatchObject({ workedCount: 2, failedWith: new Set([1]) })
  })

  it('is indented where it is one', async () => {
    const stdout = fakeOutlet()
    await render(document({ note, list: [1] }), renderingOf('json', { stdout }))
    expect(JSON.parse(stdout.text())).toEqual({ note, list: [1] })
    expect(stdout.text()).toContain('\n  "list": [\n    1\n  ]\n}\n')
  })
})

describe('what a command has made itself', () => {
  it('is passed on as it is', async () => {
    const stdout = fakeOutlet()
    await render(raw(Uint8Array.of(0, 255, 10)), renderingOf('table', { stdout }))
    expect(stdout.chunks).toEqual([Uint8Array.of(0, 255, 10)])
  })

  it('is not sent to a terminal when it is bytes', async () => {
    const stdout = fakeOutlet({ isTerminal: true })
    await expect(render(raw(Uint8Array.of(1)), renderingOf('table', { stdout }))).rejects.toThrow(UsageError)
  })

  it('may hold failures between its lines', async () => {
    async function* lines() {
      yield { bytes: '{"hex":"00"}\n' }
      yield { bytes: '{"error":"truncated"}\n', failures: [failure] }
    }
    const tally = await render(raw(lines()), renderingOf('table', {}))
    expect(tally).toMatchObject({ workedCount: 1, failedWith: new Set([1]) })
  })
})

describe('the formats of a shape', () => {
  it('hold name and prom only where names and metrics are declared', () => {
    expect(formatsOf(parcels)).toEqual(['table', 'json', 'jsonl', 'yaml', 'csv', 'tsv', 'name', 'prom'])
    expect(formatsOf({})).not.toContain('prom')
  })

  it.each<Format>(['name', 'prom'])('refuse %s where it was asked for all the same', async (format) => {
    const shape = { version: 1, columns: parcels.columns }
    await expect(render(list(shape, [orders]), renderingOf(format, {}))).rejects.toThrow(UsageError)
  })
})

function renderingOf(format: Format, options: Partial<Rendering>): Rendering {
  const defaults = { hasHeaders: true, isCsvSafe: false, isQuiet: false, nowMs }
  return { format, stdout: fakeOutlet(), stderr: fakeOutlet(), ...defaults, ...options }
}

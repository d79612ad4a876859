import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Format } from '../../../src/lib/output/formats.ts'
import { type Rendering, render } from '../../../src/lib/output/render.ts'
import { item, list, raw } from '../../../src/lib/output/result.ts'
import { column, type Shape } from '../../../src/lib/output/shape.ts'
import { fakeOutlet } from './fake-outlet.ts'
import { failure, lost, nowMs, odd, orders, type Parcel, parcels } from './rows.ts'

describe('a table on a terminal', () => {
  it('is aligned, tells ages, and marks what is not exact', async () => {
    const text = await shown(list(parcels, [orders, odd, lost]), 'table', { width: 200 })

    expect(text).toMatchInlineSnapshot(`
      "NAME                                    OFFSET  LAG    SIZE  WRITTEN    INTERNAL  REPLICAS  NOTE
      orders                                      42    7  1.5GiB  1m30s ago  no        1,2       plain
      a "b", c\\\\x1b[31m\\t\\u202e  9223372036854775807   ≥3      0B  -          yes       -         =1+1\\nnext
      no                                          -1    ?      1B  now        no        3         -
      "
    `)
  })

  it('has colour where the terminal has', async () => {
    const text = await shown(list(parcels, [lost]), 'table', { hasColour: true, width: 200 })

    expect(text).toContain('\u001b[1mNAME\u001b[22m')
    expect(text).toContain('\u001b[31m?\u001b[39m')
    expect(stripVTControlCharacters(text)).toMatch(/^NAME +OFFSET/)
  })

  it('has no header when none is wanted', async () => {
    const text = await shown(list(parcels, [orders]), 'table', { hasHeaders: false, width: 200 })
    expect(text).toBe('orders  42  7  1.5GiB  1m30s ago  no  1,2  plain\n')
  })

  it('measures wide characters as the terminal does', async () => {
    const rows = [{ name: '東京東京' }, { name: 'abcd' }]
    const shape: Shape<{ name: string }> = { version: 1, columns: [column('name'), column('name')] }

    expect(await shown(list(shape, rows), 'table', {})).toBe(
      'NAME      NAME\n東京東京  東京東京\nabcd      abcd\n',
    )
  })

  it('folds sentences to the width of the terminal', async () => {
    const rows = [{ ...orders, note: 'the quick brown fox jumps over the lazy dog again and again' }]

    expect(await shown(list(parcels, rows), 'table', { width: 80 })).toMatchInlineSnapshot(`
      "NAME    OFFSET  LAG    SIZE  WRITTEN    INTERNAL  REPLICAS  NOTE
      orders      42    7  1.5GiB  1m30s ago  no        1,2       the quick brown fox
                                                                  jumps over the lazy
                                                                  dog again and again
      "
    `)
  })

  it('folds sentences narrower before it is wider than the terminal', async () => {
    const note = 'the quick brown fox jumps over the lazy dog'
    const text = await shown(list(parcels, [{ ...orders, note }]), 'table', { width: 72 })
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72)
  })

  it('gives the room that one sentence does not need to another', async () => {
    const folded = [column<Parcel>('name', { folds: true }), column<Parcel>('note', { folds: true })]
    const shape: Shape<Parcel> = { version: 1, columns: folded }
    const note = 'the quick brown fox jumps over the lazy dog again and again'

    expect(await shown(list(shape, [{ ...orders, note }]), 'table', { width: 48 })).toBe(
      'NAME    NOTE\norders  the quick brown fox jumps over the lazy\n        dog again and again\n',
    )
  })

  it.each([
    [59, 'NAME      SIZE  OFFSET  WRITTEN    NOTE'],
    [58, 'NAME      SIZE  OFFSET  NOTE …'],
    [48, 'NAME      SIZE  OFFSET  NOTE …'],
    [47, 'NAME    OFFSET  NOTE …'],
    [20, 'NAME    OFFSET  NOTE …'],
  ])(
    'leaves spare columns out of a terminal that is %i wide, and shows that it did',
    async (width, header) => {
      const columns = [
        column<Parcel>('name'),
        column<Parcel>('sizeBytes', { kind: 'size', isSpare: true }),
        column<Parcel>('offset', { kind: 'number' }),
        column<Parcel>('writtenMs', { kind: 'time', isSpare: true }),
        column<Parcel>('note', { folds: true }),
      ]
      const rows = [{ ...orders, note: 'the quick brown fox jumps over it' }]
      const text = await shown(list({ version: 1, columns }, rows), 'table', { width })
      expect(text.split('\n')[0]).toBe(header)
    },
  )

  it('has no spare column of which nothing is known, and one of which anything is', async () => {
    const lag = column<Parcel>('lag', { kind: 'number', isSpare: true })
    const shape: Shape<Parcel> = {
      version: 1,
      columns: [column('name'), lag, column('offset', { kind: 'number' })],
    }
    const unread = { ...lost, lag: { unknown: true, reason: 'nobody tells it' } as const }
    expect(await shown(list(shape, [unread]), 'table', {})).toMatch(/^NAME {2}OFFSET\n/)
    expect(await shown(list(shape, [unread, orders]), 'table', {})).toMatch(/^NAME +LAG +OFFSET\n/)
  })

  it('has values of any length behind the others, where nothing is padded to them', async () => {
    const name = column<Parcel>('name', { standsLast: true })
    const shape: Shape<Parcel> = { version: 1, columns: [name, column<Parcel>('offset', { kind: 'number' })] }
    const rows = [orders, { ...orders, name: 'o'.repeat(60), offset: 1n }]

    expect(await shown(list(shape, rows), 'table', {})).toBe(
      `OFFSET  NAME\n    42  orders\n     1  ${'o'.repeat(60)}\n`,
    )
  })

  it.each<[string, boolean]>([
    ['a table', false],
    ['blocks', true],
  ])('cuts no word off, however narrow the terminal: %s', async (_, asBlocks) => {
    const note = 'see NotLeaderOrFollowerExceptionOfALongName'
    const text = await shown(list(parcels, [{ ...orders, note }], { asBlocks }), 'table', { width: 20 })
    expect(text).toContain('NotLeaderOrFollowerExceptionOfALongName')
  })

  it('keeps its columns in line from its first row to its last', async () => {
    const rows = Array.from({ length: 201 }, (_, i) => ({ ...orders, name: `orders-${i}` }))
    const lines = (await shown(list(parcels, rows), 'table', { width: 200 })).trimEnd().split('\n')

    expect(lines).toHaveLength(202)
    expect(new Set(lines.slice(1).map((line) => line.indexOf('1.5GiB'))).size).toBe(1)
  })
})

describe('one item on a terminal', () => {
  it('is a block of lines', async () => {
    expect(await shown(item(parcels, odd), 'table', { width: 60 })).toMatchInlineSnapshot(`
      "NAME      a "b", c\\\\x1b[31m\\t\\u202e
      OFFSET    9223372036854775807
      LAG       ≥3
      SIZE      0B
      WRITTEN   -
      INTERNAL  yes
      REPLICAS  -
      LEADER    -
      NOTE      =1+1\\nnext
      "
    `)
  })

  it('has a line for each value of a list that asks for it, and not what others say in words', async () => {
    const columns = [
      column<Parcel>('replicas', { onePerLine: true, kind: 'number' }),
      column<Parcel>('offset', { isInBlock: false }),
      column<Parcel>('note', { onePerLine: true }),
    ]
    const shape: Shape<Parcel> = { version: 1, columns }
    expect(await shown(item(shape, orders), 'table', {})).toBe('REPLICAS  1\n          2\nNOTE      plain\n')
    expect(await shown(item(shape, { ...orders, replicas: [] }), 'table', {})).toMatch(/^REPLICAS {2}-\n/)
    expect(await shown(list(shape, [orders]), 'table', {})).toMatch(/^REPLICAS {2}OFFSET {2}NOTE\n/)
  })

  it('as json is indented', async () => {
    expect(await shown(item(parcels, orders), 'json', {})).toMatch(/^\{\n {2}"version": 1,\n/)
  })
})

describe('what strangers have named', () => {
  const dangerous = [0x00, 0x07, 0x08, 0x1b, 0x7f, 0x85, 0x9b, 0x9d, 0x200e, 0x202e, 0x2028, 0x2066, 0xfeff]
  const name = `a${dangerous.map((code) => String.fromCharCode(code)).join('b')}c\rd\u001b]0;title\u0007`
  const rows = [{ ...orders, name, note: name }]

  it.each<Format>(['table', 'json', 'jsonl', 'yaml', 'csv', 'tsv', 'name', 'prom'])(
    'reaches no terminal raw as %s',
    async (format) => {
      const text = await shown(list(parcels, rows), format, {})
      expect(text).toContain('title')
      expect(leaks(text)).toEqual([])
    },
  )

  it('reaches no terminal raw as text of a command', async () => {
    expect(leaks(await shown(raw(`title ${name}`), 'table', {}))).toEqual([])
  })

  it('leaves JSON that a command prints as text JSON', async () => {
    const text = 'a\u007fb\u009b\u202e'
    const json = await shown(raw(JSON.stringify(text, null, 2)), 'table', {})
    expect(leaks(json)).toEqual([])
    expect(JSON.parse(json)).toBe(text)
  })

  it('reaches no terminal raw in an error', async () => {
    const stderr = fakeOutlet({ isTerminal: true })
    const failures = [{ item: name, error: failure.error }]
    await render(list(parcels, [], { failures, notes: [name] }), renderingOf('table', { stderr }))

    expect(stderr.text()).toContain('title')
    expect(leaks(stderr.text())).toEqual([])
  })

  it('stays as it is in a pipe of bare names', async () => {
    const stdout = fakeOutlet()
    await render(list(parcels, rows), renderingOf('name', { stdout }))
    expect(stdout.text()).toBe(`${name}\n`)
  })
})

/** Control bytes in a text, but for those that lay it out. */
function leaks(text: string): string[] {
  return [...text.replace(/\r?\n|\t/g, '')].filter((char) =>
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/u.test(char),
  )
}

async function shown(
  result: Parameters<typeof render>[0],
  format: Format,
  { hasHeaders = true, ...terminal }: { hasHeaders?: boolean; hasColour?: boolean; width?: number },
): Promise<string> {
  const stdout = fakeOutlet({ isTerminal: true, ...terminal })
  await render(result, renderingOf(format, { stdout, hasHeaders }))
  return stdout.text()
}

function renderingOf(format: Format, options: Partial<Rendering>): Rendering {
  const defaults = { hasHeaders: true, isCsvSafe: false, isQuiet: false, nowMs }
  return { format, stdout: fakeOutlet(), stderr: fakeOutlet(), ...defaults, ...options }
}

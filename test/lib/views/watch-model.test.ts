import { describe, expect, it } from 'vitest'
import { FailedError } from '../../../src/lib/errors.ts'
import { column, computed, type Shape } from '../../../src/lib/output/shape.ts'
import { type Sample, watchedTab } from '../../../src/lib/output/watch.ts'
import { keyOf } from '../../../src/lib/views/keys.ts'
import { sparkline } from '../../../src/lib/views/sparkline.ts'
import { WatchModel } from '../../../src/lib/views/watch-model.ts'

interface Row {
  readonly topic: string
  readonly lag: number | null
}

const shape: Shape<Row> = {
  version: 1,
  name: ({ topic }) => topic,
  columns: [column('topic'), column('lag', { kind: 'number' })],
}
const LINES = 14

describe('a screen', () => {
  it('says that it asks, and then shows what it was told, sorted as the tab wants', async () => {
    const model = modelOf([rows(['a', 1], ['b', 30], ['c', null])])
    expect(text(model)[2]).toContain('asking')
    await model.round()
    expect(text(model).slice(0, 7)).toEqual([
      'top  00:00:01 UTC, every 2s',
      ' 1 first  2 second',
      '3 rows',
      'TOPIC  LAG ▼             TREND',
      expect.stringMatching(/^b {9}30 .*█$/),
      expect.stringMatching(/^a {10}1 .*█$/),
      expect.stringMatching(/^c {10}-/),
    ])
  })

  it('is never larger than the terminal, whatever the rows are', async () => {
    const model = modelOf([
      rows(...Array.from({ length: 500 }, (_, i): [string, number] => [`${'x'.repeat(90)}${i}`, i])),
    ])
    await model.round()
    for (const [columns, lines] of [
      [20, 8],
      [80, 24],
      [200, 60],
    ] as const) {
      const drawn = model.frame(columns, lines)
      expect(drawn).toHaveLength(lines)
      for (const line of drawn)
        expect(line.map((piece) => piece.text).join('').length).toBeLessThanOrEqual(columns)
    }
  })

  it('does without spare columns and keys where there is no room for them, but tells of help and how to quit', async () => {
    const wide: Shape<Row> = {
      ...shape,
      columns: [column('topic'), computed('rack', () => 'r'.repeat(30), { isSpare: true }), column('lag')],
    }
    const sample = async () => rows(['orders', 7])
    const tab = watchedTab<Row>({ title: 'only', shape: wide, sample })
    const model = new WatchModel(screenOf([tab]))
    await model.round()
    const linesAt = (columns: number) =>
      model.frame(columns, LINES).map((line) => line.map(({ text }) => text).join(''))
    expect(linesAt(100).slice(2, 4)).toEqual(['1 row', expect.stringMatching(/^TOPIC +RACK +LAG/)])
    expect(linesAt(40).slice(3, 5)).toEqual(['TOPIC   LAG', 'orders  7  '])
    expect(linesAt(40).at(-1)).toBe('r reverse  p pause  ? help  q quit')
    expect(linesAt(20).at(-1)).toBe('? help  q quit')
    press(model, 'ss')
    expect(linesAt(40)[3]).toMatch(/^TOPIC +RACK ▲/)
  })

  it('rather does without other columns than without the one that it is sorted by', async () => {
    const columns = ['topic', 'committed', 'end', 'lag'] as const
    type Wide = Record<(typeof columns)[number], string | number>
    const wide: Shape<Wide> = { version: 1, columns: columns.map((key) => column<Wide>(key)) }
    const sample = async () => ({ rows: [{ topic: 'orders', committed: 100, end: 107, lag: 7 }] })
    const tab = watchedTab<Wide>({
      title: 'only',
      shape: wide,
      sample,
      sortBy: { key: 'lag', isDescending: true },
    })
    const model = new WatchModel(screenOf([tab]))
    await model.round()
    const headAt = (width: number) =>
      model
        .frame(width, LINES)[3]
        ?.map(({ text }) => text)
        .join('')
    expect(headAt(40)).toBe('TOPIC   COMMITTED  END  LAG ▼')
    expect(headAt(28)).toBe('TOPIC   COMMITTED  LAG ▼')
    expect(headAt(20)).toBe('TOPIC   LAG ▼')
  })

  it('sorts by the next column, turns the order round, and keeps the unknown last', async () => {
    const model = modelOf([rows(['b', 1], ['a', null], ['c', 3])])
    await model.round()
    press(model, 'r')
    expect(names(model)).toEqual(['b', 'c', 'a'])
    press(model, 's')
    expect(names(model)).toEqual(['a', 'b', 'c'])
    press(model, 'r')
    expect(names(model)).toEqual(['c', 'b', 'a'])
  })

  it('filters by what is typed, letters that are keys elsewhere too', async () => {
    const model = modelOf([rows(['quick', 1], ['slow', 2])])
    await model.round()
    press(model, '/')
    expect(model.quitsBy({ input: 'q', name: 'letter' })).toBe(false)
    press(model, 'q')
    expect(names(model)).toEqual(['quick'])
    expect(text(model)[2]).toContain('/q█')
    press(model, '\r')
    expect(names(model)).toEqual(['quick'])
    press(model, '\u001b')
    expect(names(model)).toEqual(['slow', 'quick'])
  })

  it('looks closer at a row and comes back, to where it was', async () => {
    const model = modelOf([rows(['a', 1], ['b', 2], ['c', 3])])
    await model.round()
    press(model, '\u001b[B\r')
    expect(text(model).slice(3, 5)).toEqual(['TOPIC  b', 'LAG    2'])
    press(model, '\u001b')
    press(model, '\r')
    expect(text(model)[3]).toBe('TOPIC  b')
  })

  it('goes into the tab that a row leads to, and out again', async () => {
    const inner = watchedTab<Row>({ title: 'inside b', shape, sample: async () => rows(['b-0', 7]) })
    const model = modelOf([rows(['a', 1], ['b', 2])], () => inner)
    await model.round()
    press(model, '\r')
    await model.round()
    expect(text(model)[0]).toContain('top: inside b')
    expect(names(model)).toEqual(['b-0'])
    press(model, '\u001b')
    expect(names(model)).toEqual(['b', 'a'])
  })

  it('goes round the tabs, and to one by its number', async () => {
    const model = modelOf([rows(['a', 1])])
    press(model, '\u001b[C')
    expect(model.tab.title).toBe('second')
    press(model, '\t')
    expect(model.tab.title).toBe('first')
    press(model, '2')
    expect(model.tab.title).toBe('second')
    press(model, '9')
    expect(model.tab.title).toBe('second')
  })

  it('keeps what it had when a round fails, says why, and goes on', async () => {
    let fails = true
    const sample = async (): Promise<Sample<Row>> => {
      fails = !fails
      if (fails) throw new FailedError('gone', 'the broker is gone\u001b[2J')
      return rows(['a', 1])
    }
    const model = new WatchModel(screenOf([watchedTab<Row>({ title: 'only', shape, sample })]))
    await model.round()
    await model.round()
    expect(names(model)).toEqual(['a'])
    expect(text(model).at(-2)).toContain('the broker is gone')
    expect(text(model).join('')).not.toContain('\u001b')
  })

  it('draws the rounds of each row, and forgets rows that are gone', async () => {
    const model = modelOf([rows(['a', 0], ['b', 5]), rows(['a', 10], ['b', 5]), rows(['a', 5])])
    await model.round()
    await model.round()
    expect(text(model)[4]).toMatch(/^a +10 +▁█$/)
    await model.round()
    expect(text(model)[4]).toMatch(/^a +5 +▁█▅$/)
    expect(names(model)).toEqual(['a'])
  })
})

describe('keys', () => {
  it('are told apart where several come at once', () => {
    expect(keyOf('j\u001b[A\u001b[6~\r\u007f\u001b')).toEqual([
      { input: 'j', name: 'letter' },
      { input: '', name: 'up' },
      { input: '', name: 'pageDown' },
      { input: '', name: 'enter' },
      { input: '', name: 'backspace' },
      { input: '', name: 'escape' },
    ])
  })

  it('that mean nothing here are no letters', () => {
    expect(keyOf('\u001b[15~\u001b[1;5C\u0001é')).toEqual([{ input: 'é', name: 'letter' }])
    expect(keyOf('\u0003')).toEqual(['quit'])
    expect(keyOf('j\u001a').at(-1)).toBe('suspend')
  })
})

describe('a sparkline', () => {
  it('is as high as its largest value, and empty where nothing was known', () => {
    expect(sparkline([0, 5, 10, null, 10], 6)).toBe(' ▁▅█ █')
    expect(sparkline([0, 0], 2)).toBe('▁▁')
    expect(sparkline([1, 2, 3, 4], 2)).toBe('▆█')
    expect(sparkline([], 3)).toBe('   ')
  })
})

function rows(...told: [topic: string, lag: number | null][]): Sample<Row> {
  return { rows: told.map(([topic, lag]) => ({ topic, lag })) }
}

/** Rounds in their order, the last one again and again. */
function modelOf(rounds: readonly Sample<Row>[], open?: () => ReturnType<typeof watchedTab>): WatchModel {
  let at = -1
  const sample = async () => {
    at = Math.min(at + 1, rounds.length - 1)
    return rounds[at] ?? { rows: [] }
  }
  const first = watchedTab<Row>({
    title: 'first',
    shape,
    sample,
    sortBy: { key: 'lag', isDescending: true },
    trend: 'lag',
    ...(open && { open }),
  })
  const second = watchedTab<Row>({ title: 'second', shape, sample })
  return new WatchModel(screenOf([first, second]))
}

function screenOf(tabs: readonly ReturnType<typeof watchedTab>[]) {
  return { title: 'top', tabs, everyMs: 2000, nowMs: () => 1000 }
}

function press(model: WatchModel, keys: string): void {
  for (const key of keyOf(keys)) if (typeof key !== 'string') model.press(key, LINES)
}

function text(model: WatchModel): string[] {
  return model.frame(100, LINES).map((line) =>
    line
      .map((piece) => piece.text)
      .join('')
      .trimEnd(),
  )
}

function names(model: WatchModel): string[] {
  return text(model)
    .slice(4, -1)
    .filter((line) => line !== '' && !line.startsWith('nothing'))
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name !== 'the')
}

import { expect, test } from 'vitest'
import { LongWork } from '../../../src/lib/cli/long-work.ts'
import { fakeOutlet } from '../output/fake-outlet.ts'

function clockAt() {
  let nowMs = 0
  let turns = 0
  const clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    after(_delayMs: number, run: () => void) {
      turns += 1
      run()
      return () => {}
    },
  }
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { clock, pass, turns: () => turns }
}

test('a turn is due after a while, and then not until the next while has passed', async () => {
  const { clock, pass, turns } = clockAt()
  const work = new LongWork({ clock, stderr: fakeOutlet() })
  expect(work.isDue()).toBe(false)
  pass(50)
  expect(work.isDue()).toBe(true)
  await work.turn(0, 1)
  expect(work.isDue()).toBe(false)
  expect(turns()).toBe(1)
})

test('a terminal shows how far it is, and the line goes when it ends', async () => {
  const { clock, pass } = clockAt()
  const stderr = fakeOutlet({ isTerminal: true })
  const work = new LongWork({ clock, stderr })
  pass(200)
  await work.turn(1024 * 1024, 4 * 1024 * 1024)
  expect(stderr.text()).toContain('1MiB of 4MiB, 25 %')
  await work.end()
  expect(stderr.text().endsWith('\r\u001b[K')).toBe(true)
})

test.each([
  ['what is no terminal', false, false],
  ['somebody who wants it quiet', true, true],
])('nothing is shown to %s', async (_, isTerminal, isQuiet) => {
  const { clock, pass } = clockAt()
  const stderr = fakeOutlet({ isTerminal })
  const work = new LongWork({ clock, stderr }, isQuiet)
  pass(1000)
  await work.turn(1, 2)
  await work.end()
  expect(stderr.text()).toBe('')
})

test('the line goes before each piece that the work brings, and when it is left half-way', async () => {
  const { clock, pass } = clockAt()
  const stderr = fakeOutlet({ isTerminal: true })
  const work = new LongWork({ clock, stderr })
  async function* pieces() {
    for (const piece of ['first', 'second']) {
      pass(200)
      await work.turn(0, 1)
      yield piece
    }
  }
  for await (const piece of work.bringing(pieces())) {
    expect([piece, stderr.text().endsWith('%\r\u001b[K')]).toEqual(['first', true])
    pass(200)
    await work.turn(0, 1)
    break
  }
  expect(stderr.text().endsWith('%\r\u001b[K')).toBe(true)
})

test('signals are let in between pieces, where it is time for it', async () => {
  const { clock, pass, turns } = clockAt()
  const work = new LongWork({ clock, stderr: fakeOutlet() })
  async function* pieces() {
    for (const piece of [1, 2, 3, 4]) {
      pass(30)
      yield piece
    }
  }
  const brought: number[] = []
  for await (const piece of work.interruptible(pieces())) brought.push(piece)
  expect(brought).toEqual([1, 2, 3, 4])
  expect(turns()).toBe(2)
})

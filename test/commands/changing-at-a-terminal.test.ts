import { mkdirSync, writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Streams, Surroundings } from '../../src/lib/cli/surroundings.ts'
import { systemClock } from '../../src/lib/ports/clock.ts'
import { fakeOutlet } from '../lib/output/fake-outlet.ts'
import { type ChangeRoom, changeRoom } from '../support/change-room.ts'

let room: ChangeRoom
beforeAll(async () => {
  room = await changeRoom()
  mkdirSync(room.path('config/ktool'), { recursive: true })
  const contexts = `version: 1\ncontexts:\n  prod: {bootstrap: "${room.proxy.bootstrap}", protected: true}\n`
  writeFileSync(room.path('config/ktool/contexts.yaml'), contexts)
})
afterAll(() => room[Symbol.asyncDispose]())
beforeEach(() => room.proxy.forget())

/** Somebody who presses these keys once the question stands there. */
function someone(keys: string): Partial<Surroundings> & { shown(): string } {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()]
  let text = ''
  let left = keys
  stderr.on('data', (chunk) => {
    text += chunk
    if (left === '' || !/\?/.test(text)) return
    const pressed = left
    left = ''
    setImmediate(() => stdin.write(pressed))
  })
  return {
    stdin: { isTerminal: true, async *chunks() {} },
    stderr: fakeOutlet({ isTerminal: true, width: 120 }),
    streams: () => ({ stdin, stderr, stdout: stderr }) as unknown as Streams,
    shown: () => text,
  }
}

describe('a protected context', () => {
  it('refuses where nobody is there, whatever else was agreed to, and sends nothing that changes anything', async () => {
    for (const more of [['-y'], ['--confirm', 'prd'], ['--confirm', 'orders']]) {
      const argv = ['orders', '-c', 'prod', ...more]
      const { status, stderr } = await room.said('topics create', argv)
      expect([status, stderr]).toEqual([2, expect.stringMatching(/prod/)])
    }
    expect(room.proxy.changing()).toEqual([])
  })

  it.each([
    ['prd\r', 'of another name'],
    ['yes\r', 'that is a mere yes'],
    ['\r', 'that is none'],
  ])('takes no answer %j, %s', async (keys) => {
    const person = someone(keys)
    const { status } = await room.said('topics create', ['orders', '-c', 'prod'], person)
    expect([status, person.shown(), room.proxy.changing()]).toEqual([
      130,
      expect.stringMatching(/Type prod to go on/),
      [],
    ])
  })

  it('goes on when its name was typed, by hand or as --confirm', async () => {
    const typed = await room.said('topics create', ['orders', '-c', 'prod'], someone('prod\r'))
    const said = await room.said('topics create', ['payments', '-c', 'prod', '--confirm', 'prod'])
    expect([typed.status, said.status, said.stderr]).toEqual([0, 0, expect.anything()])
    const created = room.proxy
      .changing()
      .map(({ question }) => (question.topics as { name: string }[])[0]?.name)
    expect(created).toEqual(['orders', 'payments'])
  })

  it('wants both names for what nothing brings back', async () => {
    const once = await room.said('topics delete', ['orders', '-c', 'prod', '--confirm', 'prod'])
    expect([once.status, once.stderr]).toEqual([2, expect.stringContaining('prod/orders')])
    const person = someone('prod/orders\r')
    expect((await room.said('topics delete', ['orders', '-c', 'prod'], person)).status).toBe(0)
  })
})

describe('many changes', () => {
  it('are counted for somebody who waits for them', async () => {
    // Time goes by with the requests that change something: a second for each.
    const real = systemClock(() => process.hrtime())
    const clock = { ...real, monotonicMs: () => real.monotonicMs() + room.proxy.changing().length * 1000 }
    const names = Array.from({ length: 201 }, (_, i) => `many-${i}`)
    const stderr = fakeOutlet({ isTerminal: true, width: 120 })
    const { status } = await room.said('topics create', [...names, '-y'], { clock, stderr })
    expect(status).toBe(0)
    const shown = stderr.text().match(/\d+ of \d+ changes/g)
    expect(shown).toEqual(['100 of 201 changes', '200 of 201 changes', '201 of 201 changes'])
    expect(stderr.text()).toContain('201 of 201 changes\r\u001b[K')
  })
})

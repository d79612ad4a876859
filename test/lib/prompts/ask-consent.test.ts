import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askForName, askYes } from '../../../src/lib/prompts/ask-consent.ts'

describe('asking for consent', () => {
  it.each([
    ['y\r', true],
    ['Yes\r', true],
    ['n\r', false],
    ['\r', false],
    ['\u0003', false],
  ])('takes %j for an answer', async (keys, isYes) => {
    const { streams, type, shown } = terminal()
    const asked = askYes('Make this change?', streams)
    type(keys)
    if (isYes) await expect(asked).resolves.toBeUndefined()
    else await expect(asked).rejects.toMatchObject({ code: 'declined', exitCode: 130 })
    expect(shown()).toMatch(/Make this change\?/)
  })

  it.each([
    ['orders\r', true],
    ['order\r', false],
    ['\r', false],
    ['\u0003', false],
  ])('takes %j for orders, or not', async (keys, isYes) => {
    const { streams, type, shown } = terminal()
    const asked = askForName('Delete it?', 'orders', streams)
    type(keys)
    if (isYes) await expect(asked).resolves.toBeUndefined()
    else await expect(asked).rejects.toMatchObject({ code: 'declined', exitCode: 130 })
    expect(shown()).toMatch(/Type orders to go on/)
  })
})

/** Keys are pressed once the question stands there. */
function terminal() {
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  let keys = ''
  output.on('data', (chunk) => {
    text += chunk
    if (keys === '' || !/\?/.test(text)) return
    const pressed = keys
    keys = ''
    setImmediate(() => input.write(pressed))
  })
  return {
    streams: { input, output },
    type: (pressed: string) => {
      keys = pressed
    },
    shown: () => text,
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { READY } from '../../../src/lib/output/records/line-thread.ts'
import { startThread } from '../../../src/lib/ports/system-threads.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-thread-'))
afterAll(() => rmSync(folder, { recursive: true }))

function threadOf(name: string, body: string) {
  const file = join(folder, `${name}.cjs`)
  writeFileSync(file, `const { work, port } = require('node:worker_threads').workerData\n${body}`)
  return startThread(file, ['an', 'argument'], 'to count') ?? expect.fail('no thread')
}

describe('a second thread', () => {
  test('is told its work and the arguments, and answers in order', async () => {
    const body =
      'port.postMessage([work, ...process.argv.slice(2)]); port.on("message", (n) => port.postMessage(n + 1))'
    const thread = threadOf('echo', body)
    for (const each of [1, 2, 3]) thread.send(each)
    expect(await thread.receive()).toEqual(['to count', 'an', 'argument'])
    expect([await thread.receive(), await thread.receive(), await thread.receive()]).toEqual([2, 3, 4])
    expect(thread.poll()).toBeUndefined()
    thread.stop()
  })

  test('that throws, or cannot even start, is one that says nothing any more', async () => {
    const thread = threadOf(
      'throws',
      'port.postMessage(1); port.on("message", () => { throw new Error("no") })',
    )
    expect(await thread.receive()).toBe(1)
    thread.send('go')
    await expect(thread.receive()).rejects.toThrow('the second thread has ended')
    thread.stop()
    const missing = startThread(join(folder, 'missing.cjs'), [], 'to be')
    await expect(missing?.receive()).rejects.toThrow('the second thread has ended')
  })

  test('shares memory with the first', async () => {
    const thread = threadOf(
      'shares',
      'port.on("message", (m) => { new Uint8Array(m)[0] = 7; port.postMessage(0) })',
    )
    const memory = new SharedArrayBuffer(8)
    thread.send(memory)
    await thread.receive()
    expect(new Uint8Array(memory)[0]).toBe(7)
    thread.stop()
  })

  test('of the built tool says that it is there', async () => {
    const file = fileURLToPath(new URL('../../../bin/thread.js', import.meta.url))
    const thread = startThread(file, [], 'record-lines')
    expect(await thread?.receive()).toBe(READY)
    thread?.stop()
  })
})

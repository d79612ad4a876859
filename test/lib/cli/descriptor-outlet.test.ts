import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DescriptorOutlet, type WriteCalls } from '../../../src/lib/cli/descriptor-outlet.ts'
import { FailedError } from '../../../src/lib/errors.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ktool-outlet-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

describe('output to a file', () => {
  it('is written without a stream, and all of it', async () => {
    const descriptor = fs.openSync(join(folder, 'out'), 'w')
    const outlet = new DescriptorOutlet(descriptor, noStream, {})
    const text = 'ü'.repeat(100_000)

    expect([await outlet.write('first\n'), await outlet.write(text)]).toEqual([true, true])
    expect(fs.readFileSync(join(folder, 'out'), 'utf8')).toBe(`first\n${text}`)
    expect([outlet.isTerminal, outlet.hasColour, outlet.width]).toEqual([false, false, 80])
  })

  it('that cannot be written fails and says why', async () => {
    const outlet = new DescriptorOutlet(1, noStream, {}, calls({ fails: 'ENOSPC', isFile: true }))
    await expect(outlet.write('a')).rejects.toThrow('no space is left on the device')
    await expect(outlet.write('a')).rejects.toThrow(FailedError)
  })
})

describe('output to a pipe', () => {
  it('goes on through a stream when the pipe will not take it', async () => {
    const stream = new PassThrough()
    const taken: string[] = []
    const outlet = new DescriptorOutlet(
      1,
      () => asStdout(stream),
      {},
      calls({ taken, takes: 3, fails: 'EAGAIN' }),
    )

    expect(await outlet.write('abcdefgh')).toBe(true)
    expect(await outlet.write('ij')).toBe(true)
    expect(taken.join('') + stream.read()).toBe('abcdefghij')
    expect(taken).toEqual(['abc'])
  })

  it('goes through a stream when it is more than a pipe holds', async () => {
    const stream = new PassThrough({ highWaterMark: 1_000_000 })
    const taken: string[] = []
    const outlet = new DescriptorOutlet(1, () => asStdout(stream), {}, calls({ taken }))
    const text = 'x'.repeat(70_000)

    expect(await outlet.write('first')).toBe(true)
    expect(await outlet.write(text)).toBe(true)
    expect(taken).toEqual(['first'])
    expect(String(stream.read())).toBe(text)
  })

  it('waits for a slow reader', async () => {
    const stream = new PassThrough({ highWaterMark: 16 })
    const outlet = new DescriptorOutlet(1, () => asStdout(stream), {}, calls({ fails: 'EAGAIN' }))
    let isWritten = false
    const writing = outlet.write('x'.repeat(100)).then(() => outlet.write('y'.repeat(100)))
    writing.then(() => {
      isWritten = true
    })

    await new Promise(setImmediate)
    expect(isWritten).toBe(false)
    const read: string[] = []
    stream.on('data', (chunk) => read.push(String(chunk)))
    expect(await writing).toBe(true)
    expect(read.join('')).toBe('x'.repeat(100) + 'y'.repeat(100))
  })

  it.each(['EPIPE', 'ECONNRESET'])('ends without an error when its reader is gone, by %s', async (errno) => {
    const outlet = new DescriptorOutlet(1, noStream, {}, calls({ fails: errno }))
    expect([await outlet.write('a'), await outlet.write('b')]).toEqual([false, false])
  })

  it('ends without an error when the reader of the stream is gone', async () => {
    const stream = new PassThrough()
    stream._transform = (_chunk, _encoding, callback) => callback(errorOf('EPIPE'))
    const outlet = new DescriptorOutlet(1, () => asStdout(stream), {}, calls({ fails: 'EAGAIN' }))

    expect([await outlet.write('a'), await outlet.write('b')]).toEqual([false, false])
  })
})

describe('output to a terminal', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 132 })

  it.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'xterm' }, true],
  ])('with %j has colour: %s', (environment, hasColour) => {
    const outlet = new DescriptorOutlet(1, () => asStdout(terminal), environment, calls({ isDevice: true }))
    expect([outlet.isTerminal, outlet.width, outlet.hasColour]).toEqual([true, 132, hasColour])
  })

  it('is 80 wide where the terminal does not know', () => {
    const unknown = Object.assign(new PassThrough(), { isTTY: true, columns: 0 })
    const outlet = new DescriptorOutlet(1, () => asStdout(unknown), {}, calls({ isDevice: true }))
    expect(outlet.width).toBe(80)
  })

  it('that is closed ends without an error, where a disk that fails is one', async () => {
    const closed = new DescriptorOutlet(2, noStream, {}, calls({ fails: 'EIO', isDevice: true }))
    expect([await closed.write('a'), await closed.write('b')]).toEqual([false, false])

    const broken = new DescriptorOutlet(2, noStream, {}, calls({ fails: 'EIO', isFile: true }))
    await expect(broken.write('a')).rejects.toThrow('EIO')
  })
})

interface Behaviour {
  /** The error, once so many bytes are taken. */
  fails?: string
  takes?: number
  taken?: string[]
  isFile?: boolean
  isDevice?: boolean
}

/** A system whose descriptor takes some bytes and then fails. */
function calls({ fails, takes, taken = [], isFile = false, isDevice = false }: Behaviour): WriteCalls {
  let left = fails === undefined ? Number.POSITIVE_INFINITY : (takes ?? 0)
  const fstatSync = () => ({ isFile: () => isFile, isCharacterDevice: () => isDevice })
  const writeSync = (_descriptor: number, bytes: Buffer, offset: number) => {
    if (left === 0) throw errorOf(fails ?? '')
    const part = bytes.subarray(offset, offset + left)
    left -= part.length
    taken.push(String(part))
    return part.length
  }
  return { fstatSync, writeSync } as unknown as WriteCalls
}

function errorOf(code: string): Error {
  return Object.assign(new Error(code), { code })
}

function asStdout(stream: PassThrough): NodeJS.WriteStream {
  return stream as unknown as NodeJS.WriteStream
}

function noStream(): NodeJS.WriteStream {
  throw new Error('nobody needs a stream here')
}

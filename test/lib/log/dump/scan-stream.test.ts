import { describe, expect, it } from 'vitest'
import { scanStream } from '../../../../src/lib/log/dump/scan-stream.ts'
import { StreamWindow } from '../../../../src/lib/log/dump/stream-window.ts'
import { scanLog } from '../../../../src/lib/log/scan/scan-log.ts'
import type { Scanned } from '../../../../src/lib/log/scan/scanned.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { goldenLogs } from '../../records/golden-logs.ts'

/** A found thing as a line, so that it outlives the buffer that it was found in. */
function told(found: Scanned): string {
  if (found.kind === 'gap') return `gap ${found.damage.position}+${found.damage.sizeBytes}`
  const { batch, damage } = found
  return `batch ${batch.position}+${batch.sizeBytes} ${batch.crc} ${damage?.reason ?? 'sound'}`
}

function ofFile(bytes: Buffer): string[] {
  const window = new StreamWindow('whole')
  window.add(bytes)
  return [...scanLog(window)].map(told)
}

async function* inPieces(bytes: Buffer, draw: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(draw() * 700)
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function ofStream(bytes: Buffer, draw: () => number, windowBytes: number): Promise<string[]> {
  const lines: string[] = []
  for await (const piece of scanStream('stream', inPieces(bytes, draw), { windowBytes })) {
    for (const found of piece) lines.push(told(found))
  }
  return lines
}

const logs = [
  ...goldenLogs('segments', 'expected/segments').slice(0, 40),
  ...goldenLogs('corrupt/cases', 'corrupt/damaged-expected'),
].filter(({ bytes }) => bytes.length < 200_000)

describe('A log that comes in pieces', () => {
  it('is the same as the log in a file, damage included', async () => {
    const seed = seedOfRun()
    const draw = randomDraw(seed)
    for (const { name, bytes } of logs) {
      for (const windowBytes of [64, 1500, 1 << 20]) {
        const title = `KTOOL_SEED=${seed} ${name} ${windowBytes}`
        expect(await ofStream(bytes, draw, windowBytes), title).toEqual(ofFile(bytes))
      }
    }
  })

  it('ends with what is cut off', async () => {
    const [log] = logs
    const cut = log?.bytes.subarray(0, log.bytes.length - 3) ?? Buffer.alloc(0)
    const lines = await ofStream(cut, () => 0.5, 64)
    expect(lines).toEqual(ofFile(cut))
    expect(lines.at(-1)).toMatch(/^gap/)
  })

  it('is empty where nothing comes', async () => {
    expect(await ofStream(Buffer.alloc(0), () => 0.5, 64)).toEqual([])
  })
})

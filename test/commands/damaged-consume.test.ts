import { describe, expect, it } from 'vitest'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { MemoryDisk } from '../lib/log/hostile/memory-disk.ts'
import { T0 } from '../lib/records/samples.ts'
import { runCommand } from './run-command.ts'

const zero = '/logs/orders-0/00000000000000000000.log'
const batches = [batch(0, ['a', 'b']), batch(2, ['c', 'd']), batch(4, ['e', 'f']), batch(6, ['g', 'h'])]
const SECOND = batches[0]?.length ?? 0
const THIRD = SECOND + (batches[1]?.length ?? 0)

function batch(baseOffset: number, values: readonly string[]): Buffer {
  const writer = new BatchWriter({ baseOffset, partitionLeaderEpoch: 0 })
  for (const value of values) writer.append({ timestamp: T0, key: null, value: Buffer.from(value) })
  return writer.finish()
}

/** The log after somebody's hands were on it. */
async function consumed(damage: (log: Buffer) => Buffer) {
  const files = new Map([
    ['/logs/meta.properties', Buffer.from('version=0\nbroker.id=1\n')],
    [zero, damage(Buffer.concat(batches))],
  ])
  const memory = new MemoryDisk(files)
  const disk = {
    ...systemDisk,
    openToRead: (path: string) => memory.openToRead(path),
    list: (path: string) => memory.list(path),
    stat: (path: string) => memory.stat(path),
  }
  const { status, stdout } = await runCommand('consume', ['orders', '--log-dir', '/logs', '-o', 'json'], disk)
  const { items, errors } = JSON.parse(stdout)
  return {
    status,
    values: items.map(({ value }: { value: string }) => value).join(''),
    errors: errors.map(({ code }: { code: string }) => code),
  }
}

function withOffset(position: number, offset: bigint) {
  return (log: Buffer) => {
    log.writeBigInt64BE(offset, position)
    return log
  }
}

describe('ktool consume of a damaged log', () => {
  it('gives all of one that is whole', async () => {
    expect(await consumed((log) => log)).toEqual({ status: 0, values: 'abcdefgh', errors: [] })
  })

  it('goes on behind a batch whose offset is far beyond the end', async () => {
    const found = await consumed(withOffset(SECOND, 2n ** 40n))
    expect(found).toEqual({ status: 1, values: 'abefgh', errors: ['offsets-backwards'] })
  })

  it('says where offsets go back, and leaves out nothing', async () => {
    const found = await consumed(withOffset(THIRD, 1n))
    expect(found).toEqual({ status: 1, values: 'abcdefgh', errors: ['offsets-backwards'] })
  })

  it('goes on behind a batch whose CRC is wrong', async () => {
    const found = await consumed((log) => {
      log.writeUInt8(log.readUInt8(THIRD - 1) ^ 1, THIRD - 1)
      return log
    })
    expect(found).toEqual({ status: 1, values: 'abefgh', errors: ['batch-crc'] })
  })

  it('takes a batch that is not all there at the end for one that was never written', async () => {
    expect(await consumed((log) => log.subarray(0, -1))).toEqual({ status: 0, values: 'abcdef', errors: [] })
  })

  it('does not take a file without a single batch for an empty log', async () => {
    const found = await consumed(() => Buffer.from('this is text, and no log of Kafka'))
    expect(found).toEqual({ status: 3, values: '', errors: ['damaged-log'] })
  })
})

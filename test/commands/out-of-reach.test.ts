import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FailedError } from '../../src/lib/errors.ts'
import type { Disk, ReadableFile } from '../../src/lib/ports/disk.ts'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { runCommand } from './run-command.ts'

const node = fileURLToPath(new URL('../golden/disk/logdirs/kraft-431/', import.meta.url))
const directories = ['--log-dir', `${node}data0`, '--log-dir', `${node}data1`]
const orders = `${node}data0/orders-0`
const others = [`${node}data0/orders-2`, `${node}data1/orders-1`]
const GROUP = 'classic-plain'

/** A disk of which somebody else owns a part. */
function without(part: RegExp): Disk {
  const refuse = (path: string) => {
    if (!part.test(path)) return
    throw new FailedError('file-not-permitted', `cannot open ${path}: permission denied`)
  }
  return {
    ...systemDisk,
    openToRead: (path) => {
      refuse(path)
      return systemDisk.openToRead(path)
    },
    list: (path) => {
      refuse(`${path}/`)
      return systemDisk.list(path)
    },
  }
}

/** A disk on which somebody cuts files in half while they are read. */
function cutting(part: RegExp): Disk {
  const openToRead = (path: string) => {
    const file = systemDisk.openToRead(path)
    return part.test(path) ? halfOf(file) : file
  }
  return { ...systemDisk, openToRead }
}

function halfOf(file: ReadableFile): ReadableFile {
  const sizeBytes = file.sizeBytes()
  const read = (into: Uint8Array, position: number) => {
    const left = Math.max(0, (sizeBytes >> 1) - position)
    return file.read(into.subarray(0, Math.min(into.length, left)), position)
  }
  return {
    path: file.path,
    sizeBytes: () => sizeBytes,
    read,
    readCold: async (into, position) => read(into, position),
    close: () => file.close(),
  }
}

const log = /orders-0\/\d+\.log$/
const disks: readonly [what: string, disk: Disk, said: RegExp][] = [
  ['that may not be read', without(log), /cannot open \S+orders-0\/0{20}\.log: permission denied/],
  [
    'that shrinks while it is read',
    cutting(log),
    /orders-0\/0{20}\.log had 397 bytes and ends at 198 by now/,
  ],
]

describe.each(disks)('beside a log %s', (_, disk, said) => {
  it.each(['segments list', 'segments describe', 'segments verify', 'segments explain', 'dump-segment'])(
    '%s goes on with the others',
    async (name) => {
      const { status, stdout, stderr } = await runCommand(name, [orders, ...others, '-o', 'json'], disk)
      expect(stdout + stderr).toMatch(said)
      expect(status).toBe(1)
      const without = await runCommand(name, [...others, '-o', 'json'])
      expect(JSON.parse(stdout).items).toEqual(expect.arrayContaining(JSON.parse(without.stdout).items))
    },
  )

  it.each([
    ['segments find', ['--offset', '0', orders]],
    ['segments diff', [orders, others[0] ?? '']],
    ['segments rebuild-index', ['--dry-run', orders]],
  ])('%s fails', async (name, argv) => {
    const { status, stderr } = await runCommand(name, argv, disk)
    expect(stderr).toMatch(said)
    expect(status).toBe(1)
  })

  it.each([
    ['consume', ['orders'], 2],
    ['tail', ['orders'], 2],
    ['offsets get', ['orders'], 2],
    ['txns hanging', [], 2],
    ['topics describe', ['orders'], 3],
  ])('%s tells of the other partitions', async (name, argv, count) => {
    const { status, stdout, stderr } = await runCommand(name, [...argv, ...directories, '-o', 'json'], disk)
    expect(stdout + stderr).toMatch(said)
    const { items } = JSON.parse(stdout)
    const partitions = new Set(items.map((item: { partition: number }) => item.partition))
    if (name !== 'txns hanging') expect(partitions.size).toBe(count)
    // The partition is there all the same, and what is not known of it is said.
    expect(status).toBe(name === 'topics describe' ? 0 : 1)
  })
})

it.each(['segments list', 'segments describe', 'segments verify', 'segments explain', 'dump-segment'])(
  '%s goes on beside a folder that may not be looked into, in a directory without meta.properties',
  async (name) => {
    const part = /audit-0(\/|$)/
    const disk: Disk = {
      ...without(part),
      stat: (path) => {
        if (/audit-0\//.test(path)) throw new FailedError('file-not-permitted', `cannot look at ${path}`)
        return path.endsWith('data0/meta.properties') ? undefined : systemDisk.stat(path)
      },
    }
    const { status, stdout, stderr } = await runCommand(name, [`${node}data0`, '-o', 'json'], disk)
    expect(stdout + stderr).toMatch(/permission denied|cannot look at/)
    expect(status).toBe(1)
    expect(JSON.parse(stdout).items.length).toBeGreaterThan(5)
  },
)

describe('beside a folder that may not be looked into', () => {
  const disk = without(/data0\/orders-0(\/|$)/)

  it.each([
    ['consume', ['orders']],
    ['tail', ['orders']],
    ['offsets get', ['orders']],
    ['txns hanging', []],
    ['topics describe', ['orders']],
    ['lag', []],
  ])('%s tells of the others, and fails for this one', async (name, argv) => {
    const { status, stdout, stderr } = await runCommand(name, [...argv, ...directories], disk)
    expect(stderr).toMatch(/Error: cannot open \S+data0\/orders-0\/: permission denied/)
    expect(stdout + stderr).not.toMatch(/no copy of it/)
    expect(stdout).toMatch(/orders\t1/)
    expect(status).toBe(1)
  })
})

it('the sizes of topics fail for a folder that may not be looked into', async () => {
  const argv = ['--log-dir', `${node}data0`, '-o', 'json']
  const { status, stdout } = await runCommand('topics list', argv, without(/data0\/orders-0(\/|$)/))
  expect(JSON.parse(stdout).errors).toEqual([expect.objectContaining({ code: 'file-not-permitted' })])
  expect(status).toBe(1)
})

describe('beside a file of the coordinators that may not be read', () => {
  it('a list of groups fails for what is missing', async () => {
    const part = without(/__consumer_offsets-1\/\d+\.log$/)
    const whole = await runCommand('groups list', directories)
    const { status, stdout, stderr } = await runCommand('groups list', directories, part)
    expect(stderr).toMatch(/permission denied/)
    expect(status).toBe(1)
    const groups = stdout.split('\n').length
    expect(groups).toBeGreaterThan(2)
    expect(groups).toBeLessThan(whole.stdout.split('\n').length)
  })

  it('a group is not said to be unknown', async () => {
    const { status, stderr } = await runCommand(
      'groups describe',
      [GROUP, ...directories],
      without(/__consumer_offsets-\d\/\d+\.log$/),
    )
    expect(stderr).toMatch(/permission denied/)
    expect(stderr).not.toMatch(/there is no group/)
    expect(status).toBe(1)
  })

  it('a list of transactions fails', async () => {
    const part = without(/__transaction_state-\d\/\d+\.log$/)
    const { status, stderr } = await runCommand('txns list', directories, part)
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/permission denied/),
    })
  })
})

describe('where the metadata log cannot be read', () => {
  const all = /__cluster_metadata-0\/.*\.(log|checkpoint)$/
  const rest = /__cluster_metadata-0\/(0+112\.log|.*\.checkpoint)$/

  it.each(['acls list', 'users list', 'quotas list'])('%s has no answer, not an empty one', async (name) => {
    const { status, stdout, stderr } = await runCommand(name, directories, without(all))
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/metadata log in \S+ .*permission denied/)
    expect(stderr).not.toMatch(/ZooKeeper|none of these directories/)
  })

  it.each(['acls list', 'users list', 'quotas list', 'topics list', 'cluster describe'])(
    '%s says that part of it is missing',
    async (name) => {
      const { status, stderr } = await runCommand(name, directories, without(rest))
      expect(stderr).toMatch(/permission denied/)
      expect(stderr).toMatch(/cannot be read as it was written/)
      expect(status).toBe(3)
    },
  )

  it('topics are told of by what lies there', async () => {
    const { stdout, stderr } = await runCommand('topics list', [...directories, '-o', 'json'], without(all))
    const names = JSON.parse(stdout).items.map(({ topic }: { topic: string }) => topic)
    expect(names).toContain('orders')
    expect(stderr).toMatch(/permission denied/)
  })
})

it('one of several copies that may not be read does not hide the others', async () => {
  const three = [1, 2, 3].flatMap((n) => ['--log-dir', node.replace('kraft-431/', `cluster-3/node${n}`)])
  const asked = ['healthy', ...three, '-o', 'json']
  const whole = await runCommand('consume', asked)
  const { status, stdout, stderr } = await runCommand(
    'consume',
    asked,
    without(/node1\/healthy-\d\/.*\.log$/),
  )
  expect({ status, stdout }).toEqual({ status: 0, stdout: whole.stdout })
  expect(stderr).toMatch(/node1\S+healthy-0\S+: permission denied: another copy is taken/)
})

it('a folder that may not be looked into is left out where another copy is', async () => {
  const three = [1, 2, 3].flatMap((n) => ['--log-dir', node.replace('kraft-431/', `cluster-3/node${n}`)])
  const argv = ['consume', ['healthy', ...three]] as const
  const { status, stdout, stderr } = await runCommand(...argv, without(/node1\/healthy-\d\//))
  expect({ status, stdout }).toEqual({ status: 0, stdout: (await runCommand(...argv)).stdout })
  expect(stderr).toMatch(/node1\/healthy-0\/: permission denied: left out/)
})

describe('an index that may not be read', () => {
  const disk = without(/\.(index|timeindex)$/)

  it.each([
    ['segments find', ['--offset', '3', orders]],
    ['consume', ['orders', ...directories]],
    ['offsets get', ['orders', ...directories]],
  ])('does not keep %s from its answer', async (name, argv) => {
    const whole = await runCommand(name, [...argv, '-o', 'json'])
    const { status, stdout } = await runCommand(name, [...argv, '-o', 'json'], disk)
    expect(status).toBe(0)
    const strip = (text: string) => {
      const { path: _, readBytes: __, warnings: ___, ...rest } = JSON.parse(text)
      return rest
    }
    expect(strip(stdout)).toEqual(strip(whole.stdout))
  })

  it('is said to be left out', async () => {
    const { stderr } = await runCommand('segments find', ['--offset', '3', orders], disk)
    expect(stderr).toMatch(/\.index is not used: cannot open .*permission denied/)
  })
})

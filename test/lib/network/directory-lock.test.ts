import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FailedError } from '../../../src/lib/errors.ts'
import { SocketDirectoryLock } from '../../../src/lib/network/directory-lock.ts'
import { abstractNames, loopbackPorts } from '../../../src/lib/network/lock-places.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import type { Disk } from '../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

const clock = systemClock(() => process.hrtime())
const owner = { processId: 4711, command: 'ktool broker', startedMs: 0 }

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ktool-lock-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

const kinds = [
  ['ports of this machine', loopbackPorts],
  ...(process.platform === 'linux' ? ([['abstract names', abstractNames]] as const) : []),
] as const

describe.each(kinds)('a directory lock by %s', (_, places) => {
  const lock = new SocketDirectoryLock(systemDisk, clock, places)

  it('tells the second who the first is, whatever name it has for the directory', async () => {
    const held = await lock.hold(directory, owner)
    const link = `${directory}-link`
    symlinkSync(directory, link)
    const second = lock.hold(link, { ...owner, processId: 1 })
    await expect(second).rejects.toMatchObject({
      code: 'directory-in-use',
      message: `${link} is in use by process 4711 (ktool broker)`,
    })
    rmSync(link)
    await held.release()
  })

  it('lets the next one in once it is released, and leaves nothing behind', async () => {
    const first = await lock.hold(directory, owner)
    expect(readdirSync(directory)).toEqual(['.ktool-owner.json'])
    await first.release()
    const second = await lock.hold(directory, owner)
    await second.release()
    expect(readdirSync(directory)).toEqual([])
  })

  it('gives the directory to one of those who come at once, at most', async () => {
    const all = await Promise.allSettled([1, 2, 3, 4].map(() => lock.hold(directory, owner)))
    const held = all.filter((one) => one.status === 'fulfilled')
    expect(held.length).toBeLessThanOrEqual(1)
    for (const one of held) await one.value.release()
  })

  it('keeps directories apart', async () => {
    const other = mkdtempSync(join(tmpdir(), 'ktool-lock-'))
    const [one, two] = await Promise.all([lock.hold(directory, owner), lock.hold(other, owner)])
    await one.release()
    await two.release()
    rmSync(other, { recursive: true })
  })
})

describe('a directory lock by ports', () => {
  const lock = new SocketDirectoryLock(systemDisk, clock, loopbackPorts)

  it('goes around a stranger, and is still found behind it', async () => {
    const { device, inode } = systemDisk.stat(directory)?.identity ?? { device: 0, inode: 0 }
    const [place] = loopbackPorts.of(`${device}-${inode}`)
    const stranger = createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => stranger.listen(place, resolve))
    const held = await lock.hold(directory, owner)
    await new Promise((resolve) => stranger.close(resolve))

    await expect(lock.hold(directory, owner)).rejects.toMatchObject({ code: 'directory-in-use' })
    await held.release()
  })
})

describe('a directory that takes no changes any more', () => {
  it('is let go of all the same, and the file in it stays', async () => {
    let isReadOnly = false
    const disk: Disk = {
      ...systemDisk,
      remove(path) {
        if (isReadOnly) throw new FailedError('file-not-permitted', `cannot remove ${path}`)
        systemDisk.remove(path)
      },
    }
    const lock = new SocketDirectoryLock(disk, clock, loopbackPorts)
    const held = await lock.hold(directory, owner)
    isReadOnly = true
    await held.release()
    isReadOnly = false
    await (await lock.hold(directory, owner)).release()
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('a holder that does not answer', () => {
  it('is named by the file that it left in the directory', async () => {
    const mute = createServer(() => {})
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as AddressInfo
    const places = { areOurs: true, of: () => [{ host: '127.0.0.1', port }] }
    writeFileSync(join(directory, '.ktool-owner.json'), JSON.stringify(owner))

    await expect(new SocketDirectoryLock(systemDisk, clock, places).hold(directory, owner)).rejects.toThrow(
      `${directory} is in use by process 4711 (ktool broker)`,
    )
    mute.close()
  })
})

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerStarter } from '../../../src/lib/local/start-broker.ts'
import { systemNetwork } from '../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

const clock = systemClock(() => process.hrtime())
const ports = { clock, disk: systemDisk, random: systemRandom, network: systemNetwork(null) }
const owner = JSON.stringify({ processId: 4711, command: 'ktool broker', startedMs: 0 })

let temporary = ''

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'ktool-temporary-'))
})

afterEach(() => rmSync(temporary, { recursive: true }))

function start() {
  const environment = { ...process.env, TMPDIR: temporary }
  return brokerStarter({ environment, platform: process.platform, processId: process.pid, ports })()
}

/** As a broker has it that was killed, or in part so. */
function folder(name: string, files: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(temporary, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(temporary, name, file), text)
  return name
}

describe('a broker with a directory of its own', () => {
  it('removes those of brokers that were killed, and nothing that lives or is of others', async () => {
    const files = { '.ktool-owner.json': owner, 'meta.properties': 'version=1\n' }
    folder('ktool-broker-0123456789abcdef', files)
    const socket = join(temporary, 'ktool-control-0123456789abcdef.sock')
    writeFileSync(socket, '')
    const control = JSON.stringify({ processId: 4711, socket, url: null })
    folder('ktool-broker-fedcba9876543210', { ...files, '.ktool-control.json': control })
    const stays = [
      folder('ktool-broker-of-mine', files),
      folder('ktool-broker-0123456789abcdef0', files),
      folder('ktool-broker-00000000beginsnow'),
      folder('ktool-broker-aaaaaaaaaaaaaaaa', { 'meta.properties': 'version=1\n' }),
      folder('other-broker-0123456789abcdef', files),
    ]
    const living = await start()
    const [one, two] = await Promise.all([start(), start()])
    await Promise.all([one.stop(), two.stop()])
    expect(existsSync(join(living.dataDir, 'meta.properties'))).toBe(true)
    await living.stop()
    expect(readdirSync(temporary).sort()).toEqual(stays.sort())
  })
})

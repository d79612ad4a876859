import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removeDeadSockets } from '../../../../src/lib/local/control/dead-sockets.ts'
import { systemClock } from '../../../../src/lib/ports/clock.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'

const facts = { disk: systemDisk, clock: systemClock(() => process.hrtime()), log: { log() {} } }
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-sockets-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const pathOf = (digit: string) => join(folder, `ktool-control-${digit.repeat(16)}.sock`)
const grownOld = (path: string) => utimesSync(path, 1, 1)
const closed = (server: Server) => new Promise((resolve) => server.close(resolve))

async function listening(path: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

/** As a process leaves it that was killed. */
async function dead(path: string): Promise<void> {
  const server = await listening(`${path}.living`)
  renameSync(`${path}.living`, path)
  await closed(server)
}

it('removes the sockets of brokers that were killed, and nothing that lives, is young or is no socket', async () => {
  for (const path of [pathOf('a'), join(folder, 'other.sock')]) {
    await dead(path)
    grownOld(path)
  }
  await dead(pathOf('b'))
  writeFileSync(pathOf('c'), '')
  const servers = [await listening(pathOf('d')), await listening(pathOf('e'))]
  for (const path of [pathOf('c'), pathOf('d'), pathOf('e')]) grownOld(path)
  await removeDeadSockets(pathOf('e'), facts)
  const stay = ['b', 'c', 'd', 'e'].map(pathOf)
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([...stay, join(folder, 'other.sock')])
  await Promise.all(servers.map(closed))
  expect(existsSync(pathOf('d'))).toBe(false)
})

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { keep } from './keep.ts'

const keeper = fileURLToPath(new URL('keeper.mjs', import.meta.url))
const sleeper = `console.log('pid', process.pid); setInterval(() => {}, 1000)`
const deaf = `process.on('SIGTERM', () => {}); ${sleeper}`

const logFiles: string[] = []
afterAll(() => {
  for (const logFile of logFiles) rmSync(logFile, { force: true })
})

describe('the keeper', () => {
  it('stops what it keeps when it is told to, and removes its folder', async () => {
    const orders = ordersFor(sleeper)
    const kept = await keep(orders)
    const pid = await pidIn(orders.logFile)
    expect(isAlive(pid)).toBe(true)
    await kept.stop()
    expect([isAlive(pid), existsSync(orders.folder)]).toEqual([false, false])
  })

  it('kills what it keeps, however deaf, and removes its folder', async () => {
    const orders = ordersFor(deaf)
    const kept = await keep(orders)
    const pid = await pidIn(orders.logFile)
    await kept.kill()
    expect([isAlive(pid), existsSync(orders.folder)]).toEqual([false, false])
  })

  it.each([
    ['is killed', sleeper],
    ['is killed, even what does not listen', deaf],
  ])('stops it when the one who asked for it %s', async (_how, program) => {
    const orders = ordersFor(program)
    const parent = spawn(process.execPath, ['-e', parentProgram, keeper, JSON.stringify(orders)])
    await new Promise((resolve) => parent.stdout.once('data', resolve))
    const pid = await pidIn(orders.logFile)
    parent.kill('SIGKILL')
    await vi.waitFor(() => expect([isAlive(pid), existsSync(orders.folder)]).toEqual([false, false]), 10_000)
  })

  it('says that a program ended before it was ready', async () => {
    const orders = ordersFor('process.exit(3)')
    await expect(keep(orders)).rejects.toThrow('exited 3 before it was ready')
    expect(existsSync(orders.folder)).toBe(false)
  })
})

/** The same as `keep` does, in a process that can be killed. */
const parentProgram = `
const [keeper, orders] = process.argv.slice(1)
const child = require('node:child_process').spawn(process.execPath, [keeper], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
child.stdin.write(orders + '\\n')
child.stdout.pipe(process.stdout)
`

function ordersFor(program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ktool-kept-'))
  const logFile = `${folder}.log`
  logFiles.push(logFile)
  return {
    command: process.execPath,
    args: ['-e', program],
    logFile,
    readyLine: 'pid',
    folder,
    patienceMs: 300,
  }
}

function pidIn(logFile: string): Promise<number> {
  return vi.waitFor(() => {
    const found = /pid (\d+)/.exec(readFileSync(logFile, 'utf8'))
    expect(found).not.toBeNull()
    return Number(found?.[1])
  })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

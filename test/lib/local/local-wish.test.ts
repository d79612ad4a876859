import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCodes, type KtoolError } from '../../../src/lib/errors.ts'
import { type LocalFlags, wishOf } from '../../../src/lib/local/local-wish.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-wish-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const alone = { port: 9092, isEphemeral: false }

function wish(flags: LocalFlags, defaults = alone) {
  return wishOf(flags, defaults, { disk: systemDisk, platform: 'linux', environment: { HOME: '/me' } })
}

function withFile(text: string, flags: LocalFlags = {}) {
  const config = join(folder, 'server.properties')
  writeFileSync(config, text)
  return wish({ ...flags, config })
}

function failureOf(run: () => unknown): KtoolError {
  try {
    run()
  } catch (error) {
    return error as KtoolError
  }
  throw new Error('it did not fail')
}

describe('the directories of a local broker', () => {
  const isEphemeral = { port: 0, isEphemeral: true }

  it('are the one of the user, or none of his where a command is run', () => {
    expect(wish({}).dirs).toEqual({ dataDirs: ['/me/.local/share/ktool/local'] })
    expect(wish({}, isEphemeral).dirs).toBeUndefined()
  })

  it('are what was named, first by the flag, then by log.dirs', () => {
    expect(wish({ 'data-dir': ['/d'] }, isEphemeral).dirs).toEqual({ dataDirs: ['/d'] })
    expect(wish({ 'data-dir': ['/d', '/e'] }).dirs).toEqual({ dataDirs: ['/d', '/e'] })
    expect(withFile('log.dirs=/from/file').dirs).toEqual({ dataDirs: ['/from/file'] })
    expect(withFile('log.dirs=/from/file', { ephemeral: true }).dirs).toBeUndefined()
    expect(withFile('log.dirs=/a, /b').dirs).toEqual({ dataDirs: ['/a', '/b'] })
    expect(withFile('log.dirs=/a,/b', { 'data-dir': ['/d'] }).dirs).toEqual({ dataDirs: ['/d'] })
  })

  it('have the metadata log in the first of them, or where metadata.log.dir says', () => {
    const text = 'log.dirs=/a,/b\nmetadata.log.dir=/m'
    expect(withFile(text).dirs).toEqual({ dataDirs: ['/a', '/b'], metadataDir: '/m' })
  })

  it('are no name without letters, none twice, and of several none with a comma', () => {
    expect(() => wish({ 'data-dir': [' '] })).toThrow('is empty')
    expect(() => wish({ 'data-dir': ['/a', '/a/'] })).toThrow('/a is named twice')
    expect(() => wish({ 'data-dir': ['/a', '/b,c'] })).toThrow('/b,c has a comma in its name')
  })
})

describe('the listeners of a local broker', () => {
  it('have the protocol of their name, or of the map', () => {
    const set = ['listener.security.protocol.map=IN:SASL_SSL,PLAINTEXT:SSL']
    const { listeners } = wish({
      listen: ['IN://h:1', 'SSL://h:2', 'PLAINTEXT://h:3', 'SASL_PLAINTEXT://h:4'],
      set,
    })
    expect(listeners.map(({ name, protocol }) => [name, protocol])).toEqual([
      ['IN', 'SASL_SSL'],
      ['SSL', 'SSL'],
      ['PLAINTEXT', 'SSL'],
      ['SASL_PLAINTEXT', 'SASL_PLAINTEXT'],
    ])
  })

  it('are this machine alone unless told otherwise', () => {
    expect(wish({}).listeners).toEqual([
      {
        name: 'PLAINTEXT',
        hosts: ['127.0.0.1', '::1'],
        port: 9092,
        advertised: { host: '127.0.0.1', port: 9092 },
      },
    ])
  })

  it('tell clients the host at which they listen, or another that was said', () => {
    const listen = ['PLAINTEXT://192.168.1.5:9092', 'OUT://0.0.0.0:9093', 'NAT://:0']
    const told = (advertise: string[]) =>
      wish({ listen, advertise }).listeners.map(({ advertised }) => advertised)
    expect(told([])).toEqual([
      { host: '192.168.1.5', port: 9092 },
      { host: '127.0.0.1', port: 9093 },
      { host: '127.0.0.1', port: 0 },
    ])
    expect(told(['OUT://me.example:0', 'NAT://gate.example:4000'])).toEqual([
      { host: '192.168.1.5', port: 9092 },
      { host: 'me.example', port: 9093 },
      { host: 'gate.example', port: 4000 },
    ])
  })

  it('come from server.properties, without those of the controller', () => {
    const text =
      'listeners=PLAINTEXT://:9092,CONTROLLER://:9093\ncontroller.listener.names=CONTROLLER\n' +
      'advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093\n'
    expect(withFile(text).listeners).toEqual([
      { name: 'PLAINTEXT', hosts: ['0.0.0.0'], port: 9092, advertised: { host: 'localhost', port: 9092 } },
    ])
  })

  it('are on the port that was typed rather than the one of a file', () => {
    const [listener] = withFile('listeners=PLAINTEXT://0.0.0.0:9999', { port: 0 }).listeners
    expect(listener).toMatchObject({ hosts: ['127.0.0.1', '::1'], port: 0 })
  })

  it.each<[LocalFlags, string]>([
    [{ listen: ['A://h:1', 'A://h:2'] }, 'has two ports'],
    [{ advertise: ['B://h:1'] }, 'no listener B'],
    [{ advertise: ['PLAINTEXT://0.0.0.0:1'] }, 'every address'],
    [
      { listen: ['IN://h:1'], set: ['listener.security.protocol.map=IN:KERBEROS'] },
      'the listener IN asks for KERBEROS',
    ],
    [
      { listen: ['IN://h:1'], set: ['listener.name.in.ssl.keystore.location=/a.p12'] },
      'which protocol the listener IN speaks',
    ],
  ])('%j are refused: %s', (flags, reason) => {
    const failure = failureOf(() => wish(flags))
    expect(failure.message).toContain(reason)
    expect(failure.exitCode).toBe(exitCodes.usage)
  })
})

describe('the settings of a local broker', () => {
  it('are passed on, without those that decide who it is and where', () => {
    const { settings, nodeId } = withFile(
      'num.partitions=3\nnode.id=7\nlog.dirs=/a\nprocess.roles=broker,controller\nlisteners=PLAINTEXT://:1\n',
      { set: ['num.partitions=4', 'listener.name.plaintext.max.connections=3'] },
    )
    expect([...settings]).toEqual([
      ['num.partitions', '4'],
      ['listener.name.plaintext.max.connections', '3'],
    ])
    expect(nodeId).toBe(7)
  })

  it('that nobody knows are a wrong command line, with the names that may have been meant', () => {
    const failure = failureOf(() => wish({ set: ['num.partition=3'] }))
    expect(failure).toMatchObject({ exitCode: exitCodes.usage, code: 'unknown-setting' })
    expect(failure.hint).toContain('num.partitions')
  })

  it('that stand wrong in a file are failures that name the line', () => {
    const unknown = failureOf(() => withFile('\nlog.retention.hour=1'))
    expect(unknown.exitCode).toBe(exitCodes.failed)
    expect(unknown.message).toContain('server.properties:2: no broker has a setting "log.retention.hour"')
    const invalid = failureOf(() => withFile('num.partitions=0'))
    expect(invalid.message).toContain('server.properties:1: Invalid value 0')
  })

  it('that are secrets are not typed, nor repeated', () => {
    const typed = failureOf(() => wish({ set: ['ssl.key.password=hunter2'] }))
    expect(typed).toMatchObject({ code: 'secret-typed', exitCode: exitCodes.usage })
    expect(`${typed.message} ${typed.hint}`).not.toContain('hunter2')
    const failure = failureOf(() => wish({ set: ['num.partitions=3', 'ssl.key.password'] }))
    expect(failure.message).not.toContain('ssl')
  })
})

describe('the topics of a local broker', () => {
  it('have the partitions that were said, or as many as topics have', () => {
    expect(wish({ topic: ['orders', 'orders:3', 'payments', 'orders:3', 'orders'] }).topics).toEqual([
      { name: 'orders', partitions: 3 },
      { name: 'payments', partitions: -1 },
    ])
  })

  it.each(['', ':3', 'a:0', 'a:x', 'a:1:2', 'a b:1', '..', 'ä', 'a:1000000', 'x'.repeat(250)])(
    '%j is none',
    (topic) => {
      expect(failureOf(() => wish({ topic: [topic] })).exitCode).toBe(exitCodes.usage)
    },
  )

  it('cannot have two counts', () => {
    expect(() => wish({ topic: ['a:1', 'a:2'] })).toThrow('twice')
  })
})

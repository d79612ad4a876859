import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JournalEntry } from '../../../../src/lib/broker/journal/journal-entry.ts'
import { RequestJournal } from '../../../../src/lib/broker/journal/request-journal.ts'
import { FailedError } from '../../../../src/lib/errors.ts'
import type { AppendableFile, Disk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { findApi } from '../../../../src/lib/protocol/registry.ts'
import type { Json } from '../../../../src/lib/schema/kind.ts'
import { ManualClock } from '../server/server-rig.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-journal-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const said: string[] = []
const log = { log: (_: string, message: string) => void said.push(message) }

function journalOn(disk: Disk = systemDisk, hasRecords = false) {
  const clock = new ManualClock()
  const path = join(folder, 'requests.ndjson')
  const journal = new RequestJournal({ path, hasRecords }, { clock, disk, log })
  const tell = (name: string, version: number, request: Json, answer: unknown = {}, clientId = 'shop') => {
    const api = findApi(name)
    if (api === undefined) throw new Error(name)
    const connection = {
      id: 1,
      peerHost: '127.0.0.1',
      listenerName: 'PLAINTEXT',
      principal: 'User:a',
    } as never
    const body = api.request.fromJson(request, version)
    const asked = { api, version, correlationId: 7, clientId, connection, body, sizeBytes: 10 }
    new JournalEntry(journal, clock, asked).end('answered', answer, 20)
  }
  const lines = () => {
    clock.pass(1000)
    return readFileSync(path, 'utf8').split('\n').slice(0, -1)
  }
  return { journal, tell, lines }
}

describe('a journal', () => {
  it('tells who asked what, and which errors that had', () => {
    const { tell, lines } = journalOn()
    const answer = {
      groups: [{ errorCode: 16 }, { errorCode: 0 }, { errorCode: 16, topics: [{ errorCode: 999 }] }],
    }
    tell('DeleteGroups', 0, { groupsNames: ['billing'] }, answer)
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      {
        ...{ time: '1970-01-01T00:00:00.000Z', connection: 1, peer: '127.0.0.1', listener: 'PLAINTEXT' },
        ...{ principal: 'User:a', clientId: 'shop', api: 'DeleteGroups', version: 0, correlationId: 7 },
        ...{ requestBytes: 10, durationMs: 0, outcome: 'answered', responseBytes: 20 },
        errors: ['NOT_COORDINATOR', '999'],
        request: { groupsNames: ['billing'] },
      },
    ])
  })

  const secret = Buffer.from('do not tell').toString('base64')
  const config = (name: string) => ({
    resources: [
      { resourceType: 4, resourceName: '1', configs: [{ name, configOperation: 0, value: 'do not tell' }] },
    ],
    validateOnly: false,
  })

  it.each<[string, number, Json]>([
    ['SaslAuthenticate', 2, { authBytes: secret }],
    [
      'AlterUserScramCredentials',
      0,
      {
        deletions: [],
        upsertions: [{ name: 'a', mechanism: 1, iterations: 1, salt: secret, saltedPassword: secret }],
      },
    ],
    ['IncrementalAlterConfigs', 1, config('ssl.key.password')],
    ['IncrementalAlterConfigs', 1, config('listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config')],
  ])('never has what lets somebody in: %s', (name, version, request) => {
    const { tell, lines } = journalOn()
    tell(name, version, request)
    expect(lines()).toHaveLength(1)
    expect(lines().join()).not.toMatch(new RegExp(`do not tell|${secret}`))
  })

  it('has the records where they are asked for', () => {
    const records = Buffer.from('some records').toString('base64')
    const partitionData = [{ index: 0, records }]
    const request = {
      transactionalId: null,
      acks: 1,
      timeoutMs: 1,
      topicData: [{ name: 'a', partitionData }],
    }
    const { tell, lines } = journalOn(systemDisk, true)
    tell('Produce', 9, request)
    expect(lines().join()).toContain(records)
  })

  it('is one line of harmless characters for each request, however long or hostile that is', () => {
    const { tell, lines } = journalOn()
    tell('DeleteGroups', 0, { groupsNames: ['\u001b[2J\n\u009b31m\u202e'] }, {}, '"\n\u001b\u2028')
    tell('DeleteGroups', 0, { groupsNames: ['x'.repeat(70_000)] })
    const [hostile = '', long = ''] = lines()
    expect(lines()).toHaveLength(2)
    expect(hostile).toMatch(/^[ -~]+$/)
    expect(JSON.parse(hostile).request.groupsNames).toEqual(['\u001b[2J\n\u009b31m\u202e'])
    expect([JSON.parse(long).request, long.length < 1000]).toEqual([null, true])
  })

  it('begins a file anew before it is too large, and keeps the one before', () => {
    writeFileSync(join(folder, 'requests.ndjson'), 'the old one\n')
    const { tell, lines } = journalOn(
      withFiles((file) => ({ sizeBytes: () => file.sizeBytes() + 64 * 1024 * 1024 })),
    )
    tell('DeleteGroups', 0, { groupsNames: [] })
    expect(lines()).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['requests.ndjson', 'requests.ndjson.1'])
    expect(readFileSync(join(folder, 'requests.ndjson.1'), 'utf8')).toBe('the old one\n')
  })

  it('ends where the disk is full, with a word to the operator', () => {
    const full = () => {
      throw new FailedError('disk-full', 'no space')
    }
    const { tell, lines } = journalOn(withFiles(() => ({ append: full })))
    tell('DeleteGroups', 0, { groupsNames: [] })
    expect(lines()).toEqual([])
    expect(said).toContain('the journal cannot be written any more')
    tell('DeleteGroups', 0, { groupsNames: [] })
    expect(lines()).toEqual([])
  })
})

/** The disk, with files that do something else in part. */
function withFiles(change: (file: AppendableFile) => Partial<AppendableFile>): Disk {
  const changed = (file: AppendableFile) => {
    const own = change(file)
    return new Proxy(file, {
      get: (target, key) => {
        const value = Reflect.get(own, key) ?? Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  return { ...systemDisk, openToAppend: (path, access) => changed(systemDisk.openToAppend(path, access)) }
}

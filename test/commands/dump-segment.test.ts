import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'

type Line = Record<string, unknown>

const disk = fileURLToPath(new URL('../golden/disk/', import.meta.url))
const zero = '00000000000000000000'
const rolled = `${disk}segments/roll-size/roll-size-0`
const metadata = `${disk}logdirs/kraft-431/data0/__cluster_metadata-0`
let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ktool-'))
})

afterAll(() => rmSync(root, { recursive: true }))

async function dump(args: string[], input?: Buffer) {
  const { stdout, stderr, status } = await ktool(['dump-segment', ...args], input)
  return { text: stdout.toString(), stderr, status }
}

async function lines(args: string[], input?: Buffer): Promise<Line[]> {
  const { text, stderr } = await dump([...args, '-o', 'jsonl'], input)
  if (text === '') throw new Error(`nothing was dumped: ${stderr}`)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

describe('ktool dump-segment', () => {
  it('says the same row by row and line by line, of every sort of file', async () => {
    const paths = [`${metadata}/*`, `${disk}corrupt/cases/flip-magic/victim-0/*`, `${rolled}/*`]
    const args = [...paths, '--all', '--key', 'hex']
    const { text, status } = await dump([...args, '-o', 'json'])
    const { items, errors } = JSON.parse(text)
    expect(status).toBe(1)
    expect(items).toEqual(await lines(args))
    const kinds = new Set(items.map(({ kind }: Line) => kind))
    for (const kind of ['batch', 'record', 'damage', 'index', 'timeindex', 'snapshot', 'leader-epochs'])
      expect(kinds).toContain(kind)
    // quorum-state is JSON already, and no file that is dumped.
    const codes = errors.map(({ code }: Line) => code)
    expect(codes.sort()).toEqual(['damaged-log', 'not-dumped'])
  })

  it('reads a log from stdin', async () => {
    const file = `${rolled}/${zero}.log`
    const fromFile = await lines([file, '--all'])
    const fromStdin = await lines(['-', '--all', '--partition-dir', 'roll-size-0'], readFileSync(file))
    const named = (line: Line) => ('file' in line ? { ...line, file: '-' } : line)
    expect(fromStdin).toEqual(fromFile.map(named))
  })

  it('goes on after what it cannot read, and says of each what is wrong', async () => {
    const folder = join(root, 'bad')
    mkdirSync(join(folder, 'empty-0'), { recursive: true })
    writeFileSync(join(folder, `${zero}.log`), '')
    writeFileSync(join(folder, '00000000000000000007.log'), 'this is text and no log of Kafka')
    writeFileSync(join(folder, 'orders.log'), 'x')
    writeFileSync(join(folder, 'leader-epoch-checkpoint'), 'garbage')
    symlinkSync('loop', join(folder, 'loop'))
    const words = [`${zero}.log`, '00000000000000000007.log', 'orders.log', 'leader-epoch-checkpoint', 'loop']
    const paths = [...words, 'empty-0', 'nothing'].map((name) => join(folder, name))
    const { text, stderr, status } = await dump([...paths, rolled, '-o', 'jsonl'])

    expect(status).toBe(1)
    expect(text.split('\n').filter((line) => line.includes('"kind":"batch"')).length).toBe(140)
    for (const code of [
      'no-base-offset',
      'symlink-loop',
      'no-segments',
      'file-not-found',
      'damaged-log',
      'corrupt-checkpoint',
    ])
      expect(stderr).toContain(`"code":"${code}"`)
    expect(stderr).toContain(`${zero}.log is empty`)
    expect(stderr).not.toMatch(/bug|at \w+ \(/)
  })

  it('ends with 3 where all could be read and some of it was damaged', async () => {
    const cut = join(root, `${zero}.log`)
    writeFileSync(cut, readFileSync(`${rolled}/${zero}.log`))
    truncateSync(cut, 1000)
    const { text, stderr, status } = await dump([cut, '--records', '-o', 'jsonl'])
    expect(status).toBe(3)
    expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'damage',
      topic: null,
      reason: 'cut',
    })
    expect(stderr).toContain('one place is damaged: at position')
  })

  it('says of zeros at the end of the last segment that they are no damage, and of others that they are', async () => {
    const folder = `${disk}segments/preallocate/preallocate-0`
    const last = `${folder}/00000000000000000116.log`
    const said = `${last} ends in 10042 bytes of zeros, from position 6342 on`
    for (const path of [folder, last]) {
      const { status, stderr, text } = await dump([path, '-o', 'jsonl'])
      expect({ path, status }).toEqual({ path, status: 0 })
      expect(stderr).toContain(said)
      expect(text).not.toContain('"damage"')
    }
    const streamed = await dump(['-'], readFileSync(last))
    expect(streamed.status).toBe(0)
    expect(streamed.stderr).toContain('- ends in 10042 bytes of zeros')

    const copy = join(root, 'preallocate-0')
    cpSync(folder, copy, { recursive: true })
    writeFileSync(join(copy, '00000000000000000160.log'), '')
    for (const path of [copy, join(copy, '00000000000000000116.log')]) {
      const { status, text } = await dump([path, '-o', 'jsonl'])
      expect({ path, status }).toEqual({ path, status: 3 })
      expect(text).toContain('"reason":"zeros"')
    }
  })

  it('shows the records of a range, across segments', async () => {
    const offsets = async (args: string[]) =>
      (await lines([rolled, '--records', ...args])).map(({ offset }) => offset)
    expect(await offsets(['--from', '148', '--to', '152'])).toEqual([148, 149, 150, 151])
    expect(await offsets(['--from', '299', '-n', '3'])).toEqual([299, 300, 301])
    const times = await lines([rolled, '--records', '--from', '@1700000010000', '--to', '@1700000012000'])
    expect(times.map(({ timestamp }) => timestamp)).toEqual([1700000010000, 1700000011000])
  })

  it('limits batches and entries too', async () => {
    expect((await lines([rolled, '-n', '2'])).length).toBe(2)
    expect((await lines([`${rolled}/${zero}.index`, '-n', '2'])).length).toBe(2)
  })

  it('prints tables for people and separated values for spreadsheets', async () => {
    const table = await dump([`${rolled}/${zero}.log`, '-n', '1'])
    expect(table.text).toMatch(/^BASE OFFSET\tLAST OFFSET\tCOUNT\t.*\n0\t2\t3\t2\tnone\t2023-11-14T/)
    // A key that is not of the format is not the same as no key.
    const binary = `${disk}segments/codec-gzip/codec-gzip-0`
    const keyed = await dump([binary, '--records', '--from', '10', '-n', '1'])
    expect(keyed.text).toContain('\tbase64:hUQgkLZ5wQzRpyaM8H31Ysjqy/1ffAC+nNwNiVoAfsHF2+Zzoz2jfR5NTjg=\t')
    const valued = await dump([binary, '--records', '--value', 'long', '--from', '10', '-n', '1'])
    expect(valued.text).toMatch(/\tbase64:YWJjZGVm\w+/)
    const csv = await dump([`${rolled}/${zero}.timeindex`, '-o', 'csv', '-n', '1'])
    expect(csv.text).toMatch(/^kind,topic,partition,file,timestamp,offset\r\ntimeindex,roll-size,0,/)
  })

  it.each([
    [['--from', '+5'], 'nowhere in a file'],
    [['--from', 'soon'], 'is no offset'],
    [['--partition-dir', 'orders'], 'not the name of a partition'],
    [['--records', '--all'], '--all'],
    [['-n', '0'], '1'],
  ])('refuses %j', async (flags, words) => {
    const { status, stderr, text } = await dump([rolled, ...flags])
    expect({ status, text }).toEqual({ status: 2, text: '' })
    expect(stderr).toContain(words)
  })
})

describe('Secrets in the metadata log', () => {
  const salt = Buffer.from('saltsaltsalt-alice')

  it.each([
    ['decoded', ['--records']],
    ['as they are', ['--records', '--no-decode']],
    ['in base64', ['--value', 'base64', '--all']],
    ['in hex', ['--records', '--value', 'hex', '--no-decode']],
  ])('are covered in records that are shown %s', async (_, flags) => {
    const { text } = await dump([metadata, `${metadata}/*.checkpoint`, ...flags, '-o', 'jsonl'])
    expect(text).toContain('"kind":"record"')
    for (const line of text.trimEnd().split('\n')) {
      const { valueBase64, value } = JSON.parse(line)
      const raw = [
        Buffer.from(valueBase64 ?? '', 'base64'),
        Buffer.from(value ?? '', 'hex'),
        Buffer.from(line),
      ]
      for (const bytes of raw) expect(bytes.includes(salt)).toBe(false)
      expect(line.includes(salt.toString('base64'))).toBe(false)
    }
  })

  it('are shown where that is asked for', async () => {
    const records = await lines([metadata, '--records', '--reveal', '--value', 'base64'])
    const alice = records.find(({ offset }) => offset === 121)
    expect(alice?.decoded).toMatchObject({
      type: 'UserScramCredentialRecord',
      value: { name: 'alice', salt: salt.toString('base64') },
    })
    expect(Buffer.from(String(alice?.valueBase64), 'base64').includes(salt)).toBe(true)
  })
})

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DataError } from '../../../../src/lib/errors.ts'
import { jsonLine, rowObject } from '../../../../src/lib/output/json.ts'
import { moduleSources } from '../../../../src/lib/output/records/kernels/module.ts'
import {
  type LineEngine,
  ModuleLineEngine,
  ScriptLineEngine,
  startLineEngine,
} from '../../../../src/lib/output/records/line-engine.ts'
import type { RecordForm } from '../../../../src/lib/output/records/record-form.ts'
import { RecordLines } from '../../../../src/lib/output/records/record-lines.ts'
import { recordRow } from '../../../../src/lib/output/records/record-row.ts'
import { recordShape } from '../../../../src/lib/output/records/record-shape.ts'
import type { Shape } from '../../../../src/lib/output/shape.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import type { RecordFields } from '../../../../src/lib/records/record-fields.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { serdeFormats } from '../../../../src/lib/serde/formats.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { goldenLogs } from '../../records/golden-logs.ts'

const engines: [string, () => LineEngine][] = [
  ['the module', () => startLineEngine()],
  ['TypeScript', () => new ScriptLineEngine()],
]

const text: RecordForm = { topic: 'orders', partition: 3, key: 'text', value: 'text', manner: 'dump' }
const base64: RecordForm = { ...text, key: 'base64', value: 'base64', hasKind: true }

/** What the lines are, by the shape that every other format is made from. */
function slowLines(log: Buffer, form: RecordForm): string {
  const shape = recordShape(form) as Shape<unknown>
  return eachRecord(log, (batch, cursor) => `${jsonLine(rowObject(shape, recordRow(form, batch, cursor)))}\n`)
}

/** One record after the other, and whole batches at once: both must say the same. */
function fastLines(log: Buffer, form: RecordForm, engine: LineEngine): string {
  const lines = new RecordLines(form, engine)
  eachRecord(log, (batch, cursor) => {
    lines.add(batch, cursor)
    return ''
  })
  const oneByOne = Buffer.from(lines.take())
  eachBatch(log, (batch, cursor) => lines.addAll(batch, cursor))
  const whole = Buffer.from(lines.take())
  if (!whole.equals(oneByOne)) expect(whole.toString()).toBe(oneByOne.toString())
  return oneByOne.toString()
}

type Show = (batch: Parameters<RecordLines['add']>[0], cursor: Parameters<RecordLines['add']>[1]) => string

function eachRecord(log: Buffer, show: Show): string {
  let shown = ''
  eachBatch(log, (batch, cursor) => {
    while (cursor.next()) shown += show(batch, cursor)
  })
  return shown
}

function eachBatch(log: Buffer, take: (...of: Parameters<Show>) => void): void {
  for (const batch of scanBatches(log)) {
    if (batch.kind === 'damage') continue
    try {
      take(batch, openRecords(batch, { checkCrc: false }))
    } catch (error) {
      if (!(error instanceof DataError)) throw error
    }
  }
}

function logOf(records: Omit<RecordFields, 'timestamp'>[], timestamp: number | bigint = 1_700_000_000_000) {
  const writer = new BatchWriter({ baseOffset: 5 })
  for (const record of records) writer.append({ timestamp, ...record })
  return writer.finish()
}

const values = (parts: Buffer[]) => logOf(parts.map((value) => ({ key: Buffer.from('k'), value })))

describe('the lines of records', () => {
  const line = (log: Buffer, form: RecordForm) => fastLines(log, form, startLineEngine())

  test('have the keys of a record, in their order', () => {
    const log = logOf([{ key: Buffer.from('a'), value: null }])
    expect(line(log, text)).toBe(
      '{"topic":"orders","partition":3,"offset":5,"timestamp":1700000000000,"timestampType":"CreateTime",' +
        '"key":"a","value":null,"headers":[],"sequence":-1}\n',
    )
    expect(line(log, base64)).toBe(
      '{"kind":"record","topic":"orders","partition":3,"offset":5,"timestamp":1700000000000,' +
        '"timestampType":"CreateTime","keyBase64":"YQ==","valueBase64":null,"headersBase64":[],"sequence":-1}\n',
    )
    expect(line(log, { ...text, topic: null, partition: null, manner: 'read' })).toBe(
      '{"topic":null,"partition":null,"offset":5,"timestamp":1700000000000,"timestampType":"CreateTime",' +
        '"key":"a","value":null,"headers":[]}\n',
    )
  })

  test('show headers as text where all of them are, else as base64', () => {
    const [key, value] = [Buffer.from('n'), Buffer.from('v')]
    const log = logOf([
      {
        key: null,
        value: null,
        headers: [
          { key, value },
          { key, value: null },
        ],
      },
      {
        key: null,
        value: null,
        headers: [
          { key, value },
          { key, value: Buffer.from([0xff]) },
        ],
      },
      { key: null, value: null, headers: [{ key: Buffer.from([0xff]), value }] },
    ])
    const [plain, binary, name] = line(log, text)
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each))
    expect(plain.headers).toEqual([
      ['n', 'v'],
      ['n', null],
    ])
    expect(binary.headersBase64).toEqual([
      ['n', 'dg=='],
      ['n', '/w=='],
    ])
    expect(binary).not.toHaveProperty('headers')
    expect(name.headersBase64).toEqual([['\ufffd', 'dg==']])
  })

  test('show numbers that JSON readers round as their digits', () => {
    const writer = new BatchWriter({ baseOffset: 2n ** 62n })
    writer.append({ timestamp: -(2n ** 60n), key: null, value: null })
    expect(line(writer.finish(), text)).toContain(
      '"offset":"4611686018427387904","timestamp":"-1152921504606846976"',
    )
  })

  test('embed JSON that looks like a figure of ours as it is', () => {
    const json = '{"value":1,"from":"broker","bound":"asOf","unknown":true}'
    expect(line(values([Buffer.from(json)]), { ...text, value: 'json' })).toContain(`"value":${json}`)
  })
})

describe.each(engines)('lines by %s', (_name, start) => {
  test('are those that the shape of a record gives, for all that brokers wrote', () => {
    const logs = [
      ...goldenLogs('segments', 'expected/segments'),
      ...goldenLogs('corrupt/cases', 'corrupt/damaged-expected'),
    ]
    const engine = start()
    for (const { name, bytes } of logs) {
      for (const form of [text, base64, { ...text, hasKind: true, topic: 'ü"\u0085', key: 'hex' as const }]) {
        expect(fastLines(bytes, form, engine), name).toBe(slowLines(bytes, form))
      }
    }
  })

  test('are JSON of one line of plain text whatever the bytes are', () => {
    const seed = seedOfRun()
    const draw = randomDraw(seed)
    const engine = start()
    for (let round = 0; round < 300; round++) {
      const log = logOf(Array.from({ length: 20 }, () => ({ key: anyBytes(draw), value: anyBytes(draw) })))
      const form = { ...text, key: anyOf(serdeFormats, draw), value: anyOf(serdeFormats, draw) }
      const lines = fastLines(log, form, engine)
      expect(lines, `KTOOL_SEED=${seed}`).toBe(slowLines(log, form))
      expect(lines).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/u)
      expect(() =>
        lines
          .trim()
          .split('\n')
          .map((each) => JSON.parse(each)),
      ).not.toThrow()
    }
  })

  test('know every character, and every row of bytes that is none', () => {
    const engine = start()
    const characters: Buffer[] = []
    for (let code = 0; code <= 0x10ffff; code += code < 0x3000 || code > 0xfe00 ? 1 : 97) {
      if (code > 0x10000) code += 4_001
      const char = code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 'x' : String.fromCodePoint(code)
      characters.push(Buffer.from(char), Buffer.from(`plain ${char}${char} text`))
    }
    const rows: Buffer[] = []
    for (let first = 0x80; first < 0x100; first++) {
      for (const second of [0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]) {
        const bytes = [first, second, 0x80, 0xbf, 0x80]
        for (let length = 1; length <= 5; length++) rows.push(Buffer.from(bytes.slice(0, length)))
      }
    }
    for (const log of [values(characters), values(rows)]) {
      expect(fastLines(log, text, engine)).toBe(slowLines(log, text))
    }
  })

  test.each([
    0,
    1,
    9,
    10,
    99,
    100,
    999_999,
    999_999_999,
    1_000_000_000,
    2 ** 31,
    10 ** 15,
    2 ** 53 - 1,
    -1,
    -(10 ** 12),
  ])('write the timestamp %i', (timestamp) => {
    const log = logOf([{ key: null, value: null }], timestamp)
    expect(fastLines(log, text, start())).toContain(`"timestamp":${timestamp},`)
  })

  test('write sequences, and those that begin again', () => {
    const writer = new BatchWriter({ producerId: 7, producerEpoch: 0, baseSequence: 2 ** 31 - 2 })
    for (let i = 0; i < 4; i++) writer.append({ timestamp: 0, key: null, value: null })
    const log = writer.finish()
    const sequences = fastLines(log, text, start()).match(/(?<="sequence":)-?\d+/g)
    expect(sequences).toEqual(['2147483646', '2147483647', '0', '1'])
  })

  test.each([
    ['from one billion of milliseconds to the next', [999_999_999_990, 1_000_000_000_010, 999_999_999_980]],
    ['back before 1970', [5, 4, -5, 6]],
    ['further apart than a kernel can count', [1_700_000_000_000, 1_900_000_000_000, 1_600_000_000_000]],
    ['that are those before', [7, 7, 7, 8, 8]],
  ])('write times %s', (_name, times) => {
    const writer = new BatchWriter()
    for (const timestamp of times) writer.append({ timestamp, key: null, value: null })
    const log = writer.finish()
    const written = fastLines(log, text, start()).match(/(?<="timestamp":)-?\d+/g)
    expect(written?.map(Number)).toEqual(times)
  })

  test('write the time of the append where that counts, whatever the producer said', () => {
    const writer = new BatchWriter({ logAppendTime: 1_700_000_000_000 })
    for (const timestamp of [1, 2000, 3]) writer.append({ timestamp, key: null, value: null })
    const written = fastLines(writer.finish(), text, start()).match(/"timestamp":1700000000000,/g)
    expect(written).toHaveLength(3)
  })

  test('write offsets from one billion to the next, and with gaps', () => {
    const offsets = [999_999_998, 999_999_999, 1_000_000_000, 1_000_200_000, 1_300_000_000]
    const writer = new BatchWriter({ baseOffset: 999_999_998 })
    for (const offset of offsets) writer.append({ offset, timestamp: 0, key: null, value: null })
    const written = fastLines(writer.finish(), text, start()).match(/(?<="offset":)\d+/g)
    expect(written?.map(Number)).toEqual(offsets)
  })

  test('write records of every shape in one batch', () => {
    const [key, value] = [Buffer.from('k'), Buffer.from('a "quoted" one \\ and a tab\t')]
    const plain = { key, value }
    const odd = [
      { key, value, headers: [{ key, value }] },
      { key: null, value },
      { key, value: null },
      { key, value: Buffer.alloc(20_000, 'x') },
      { key, value: Buffer.alloc(0) },
      { key, value: Buffer.from([0xff, 0xfe]) },
    ]
    for (const each of odd) {
      const log = logOf([plain, plain, each, plain, each, plain])
      expect(fastLines(log, text, start())).toBe(slowLines(log, text))
    }
  })

  test('write what stands before damage in a batch, and nothing behind it', () => {
    const log = logOf(Array.from({ length: 50 }, (_, i) => ({ key: null, value: Buffer.from(`value ${i}`) })))
    const engine = start()
    for (let at = 57; at < log.length; at++) {
      for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
        const damaged = Buffer.from(log)
        damaged[at] = byte
        expect(fastLines(damaged, text, engine)).toBe(slowLines(damaged, text))
      }
    }
  })

  test('go on in a batch of more bytes than are loaded at once', () => {
    const records = Array.from({ length: 30_000 }, (_, i) => ({
      key: null,
      value: Buffer.from(`${i} "${'é'.repeat(i % 90)}"`),
    }))
    const log = logOf(records)
    expect(log.length).toBeGreaterThan(3_000_000)
    expect(fastLines(log, text, start()) === slowLines(log, text)).toBe(true)
  })

  test('stop where there is enough, and go on from there', () => {
    const log = logOf(Array.from({ length: 60_000 }, () => ({ key: null, value: Buffer.alloc(100, 7) })))
    const lines = new RecordLines(text, start())
    let taken = ''
    eachBatch(log, (batch, cursor) => {
      while (taken === '' || lines.sizeBytes > 0) {
        taken += Buffer.from(lines.take()).toString()
        lines.addAll(batch, cursor, 9_000_000)
        expect(lines.sizeBytes).toBeLessThan(18_000_000)
      }
    })
    expect(taken === slowLines(log, text)).toBe(true)
  })

  test('go on however much is added before it is taken', () => {
    const large = [Buffer.alloc(300_000, 0), Buffer.alloc(900_000, 'ab"'), Buffer.alloc(3_000_000, 'é')]
    const log = values([...large, Buffer.from('small'), ...large, ...large])
    expect(fastLines(log, text, start()) === slowLines(log, text)).toBe(true)
  })

  test('are taken as they come, each once', () => {
    const log = values([Buffer.from('first'), Buffer.from('second')])
    const lines = new RecordLines(text, start())
    let taken = ''
    eachRecord(log, (batch, cursor) => {
      lines.add(batch, cursor)
      expect(lines.sizeBytes).toBeGreaterThan(100)
      taken += Buffer.from(lines.take()).toString()
      expect(lines.sizeBytes).toBe(0)
      return ''
    })
    expect(taken).toBe(slowLines(log, text))
  })
})

describe('the module of the kernel', () => {
  const kernels = new URL('../../../../src/lib/output/records/kernels/', import.meta.url)

  test('was made from the kernel as it is now (npm run kernels makes it anew)', () => {
    const hash = createHash('sha256')
    for (const name of readdirSync(kernels).sort()) {
      if (name !== 'module.ts' && name !== 'memory.ts')
        hash.update(name).update(readFileSync(new URL(name, kernels)))
    }
    expect(moduleSources).toBe(hash.digest('hex'))
  })

  test('is what is used where the runtime has WebAssembly', () => {
    expect(startLineEngine()).toBeInstanceOf(ModuleLineEngine)
    expect(startLineEngine(() => undefined)).toBeInstanceOf(ScriptLineEngine)
  })
})

function anyOf<T>(choices: readonly T[], draw: () => number): T {
  return choices[Math.floor(draw() * choices.length)] as T
}

const pieces = [
  'plain text',
  '"',
  '\\',
  '\0',
  '\n\r\t\b\f',
  '\u007f\u0085\u061c\u200e\u2028\u2029\u202e\u2066\ufeff',
  'é',
  '漢字',
  '😀',
  '{"a":[1,2.50,12345678901234567890]}',
].map((each) => Buffer.from(each))
const broken = ['c328', 'eda080', 'c080', 'f4908080', 'e28200', 'ff', 'f09f98', '80'].map((each) =>
  Buffer.from(each, 'hex'),
)

function anyBytes(draw: () => number): Buffer | null {
  const kind = draw()
  if (kind < 0.1) return null
  if (kind < 0.2) return Buffer.from(Array.from({ length: anyOf([4, 8, 16], draw) }, () => draw() * 256))
  const choices = draw() < 0.3 ? [...pieces, ...broken] : pieces
  return Buffer.concat(Array.from({ length: Math.floor(draw() * 6) }, () => anyOf(choices, draw)))
}

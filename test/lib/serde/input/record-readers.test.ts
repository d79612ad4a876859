import { describe, expect, it } from 'vitest'
import type { InputForm, InputKind } from '../../../../src/lib/serde/input/input-form.ts'
import { openReader } from '../../../../src/lib/serde/input/open-reader.ts'

const form: InputForm = {
  keyFormat: 'text',
  valueFormat: 'text',
  key: null,
  keySeparator: null,
  nullText: null,
  headers: [],
  keepsPartition: false,
  keepsTimestamp: false,
  hasCarriageReturns: false,
  maxRecordBytes: 100,
}

/** As text, as far as it is; read in pieces of so many bytes. */
function read(kind: InputKind, text: string | Buffer, wish: Partial<InputForm> = {}, pieceBytes = 1000) {
  const reader = openReader(kind, { ...form, ...wish })
  const bytes = Buffer.from(text)
  const found = []
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    found.push(...reader.read(Buffer.from(bytes.subarray(at, at + pieceBytes))).map(shown))
  }
  return [...found, ...reader.end().map(shown)]
}

function shown(found: ReturnType<ReturnType<typeof openReader>['end']>[number]) {
  if (found.kind === 'fault') return { line: found.line, code: found.error.code }
  const { line, key, value, headers, partition, timestamp } = found
  return {
    line,
    key: key?.toString('latin1') ?? null,
    value: value?.toString('latin1') ?? null,
    ...(headers.length > 0 && {
      headers: headers.map((each) => [String(each.key), each.value && String(each.value)]),
    }),
    ...(partition !== null && { partition }),
    ...(timestamp !== null && { timestamp }),
  }
}

describe('lines', () => {
  it('are values, the last one even without an end, and however they are cut', () => {
    for (const pieceBytes of [1, 2, 3, 1000]) {
      expect(read('lines', 'one\n\ntwo\r\nlast', {}, pieceBytes)).toEqual([
        { line: 1, key: null, value: 'one' },
        { line: 2, key: null, value: '' },
        { line: 3, key: null, value: 'two\r' },
        { line: 4, key: null, value: 'last' },
      ])
    }
    expect(read('lines', 'a\r\nb\r\n', { hasCarriageReturns: true })).toMatchObject([
      { value: 'a' },
      { value: 'b' },
    ])
    expect(read('lines', '')).toEqual([])
  })

  it('have a key before the separator; one without it is a fault, and no reason to stop', () => {
    const keySeparator = Buffer.from('::')
    expect(read('lines', 'a::1::2\nnone\n::x\nN::N\n', { keySeparator, nullText: Buffer.from('N') })).toEqual(
      [
        { line: 1, key: 'a', value: '1::2' },
        { line: 2, code: 'no-key' },
        { line: 3, key: '', value: 'x' },
        { line: 4, key: null, value: null },
      ],
    )
  })

  it('need be no UTF-8', () => {
    expect(read('lines', Buffer.from([0xff, 0x00, 0xc3, 0x0a]))).toEqual([
      { line: 1, key: null, value: '\u00ff\u0000\u00c3' },
    ])
  })

  it('that are too long are faults, are not kept, and the next one is read', () => {
    for (const pieceBytes of [7, 1000]) {
      expect(
        read('lines', `${'x'.repeat(101)}\nok\n${'y'.repeat(100)}\n${'z'.repeat(300)}`, {}, pieceBytes),
      ).toEqual([
        { line: 1, code: 'line-too-long' },
        { line: 2, key: null, value: 'ok' },
        { line: 3, key: null, value: 'y'.repeat(100) },
        { line: 4, code: 'line-too-long' },
      ])
    }
  })

  it('are typed in a format', () => {
    const keySeparator = Buffer.from('=')
    expect(
      read('lines', '1=ff00\nx=00\n2=fg\n', { keySeparator, keyFormat: 'int', valueFormat: 'hex' }),
    ).toEqual([
      { line: 1, key: '\u0000\u0000\u0000\u0001', value: '\u00ff\u0000' },
      { line: 2, code: 'wrong-format' },
      { line: 3, code: 'wrong-format' },
    ])
    expect(read('lines', '{"a": 1.0}\n{\n', { valueFormat: 'json' })).toEqual([
      { line: 1, key: null, value: '{"a": 1.0}' },
      { line: 2, code: 'wrong-format' },
    ])
  })
})

describe('jsonl', () => {
  it('is what consume prints', () => {
    const lines = [
      '{"topic":"t","partition":3,"offset":7,"timestamp":1700000000000,"timestampType":"CreateTime","key":"k","value":"v","headers":[["h","1"],["g","2"],["h",null]]}',
      '{"keyBase64":"/w==","valueBase64":"AP8=","headersBase64":[["h","/w=="]]}',
      '',
      '{"key":null,"value":null}',
    ]
    const headers = [
      ['h', '1'],
      ['g', '2'],
      ['h', null],
    ]
    expect(read('jsonl', lines.join('\n'), { maxRecordBytes: 500 })).toEqual([
      { line: 1, key: 'k', value: 'v', headers },
      { line: 2, key: '\u00ff', value: '\u0000\u00ff', headers: [['h', '\ufffd']] },
      { line: 4, key: null, value: null },
    ])
    const kept = { keepsPartition: true, keepsTimestamp: true, maxRecordBytes: 500 }
    expect(read('jsonl', lines[0] ?? '', kept)).toEqual([
      { line: 1, key: 'k', value: 'v', headers, partition: 3, timestamp: 1_700_000_000_000 },
    ])
    expect(read('jsonl', '{"value":"v","timestamp":"9223372036854775807"}', kept)[0]).toMatchObject({
      timestamp: 9223372036854775807n,
    })
  })

  it('takes what a record does not say from the flags', () => {
    const headers = [{ key: Buffer.from('more'), value: null }]
    expect(
      read('jsonl', '{"value":"v","headers":[["own","1"]]}', { key: Buffer.from('k'), headers }),
    ).toEqual([
      {
        line: 1,
        key: 'k',
        value: 'v',
        headers: [
          ['own', '1'],
          ['more', null],
        ],
      },
    ])
  })

  it.each([
    ['{"value":', 'no-record'],
    ['[1]', 'no-record'],
    ['null', 'no-record'],
    ['{"id":1}', 'no-such-field'],
    ['{"key":"k"}', 'no-value'],
    ['{"value":"v","valueBase64":"AA=="}', 'field-twice'],
    ['{"value":"v","headers":{"a":"b"}}', 'wrong-format'],
    ['{"value":"v","headers":[["a"]]}', 'wrong-format'],
    ['{"valueBase64":"%"}', 'wrong-format'],
    ['{"kind":"batch"}', 'no-record'],
    ['{"value":"v","controlType":"COMMIT"}', 'no-record'],
    [Buffer.from([0x22, 0xff, 0x22]), 'no-record'],
  ])('does not take %s', (line, code) => {
    expect(read('jsonl', line)).toEqual([{ line: 1, code }])
  })

  it('does not take a partition or a time that is none, where they are kept', () => {
    const kept = { keepsPartition: true, keepsTimestamp: true }
    for (const wrong of [
      '"partition":-1',
      '"partition":"0"',
      '"partition":1.5',
      '"timestamp":-2',
      '"timestamp":"x"',
    ]) {
      expect(read('jsonl', `{"value":"v",${wrong}}`, kept), wrong).toEqual([
        { line: 1, code: 'wrong-format' },
      ])
    }
  })
})

describe('csv', () => {
  it('names its columns, quotes what it has to, and may break lines', () => {
    const csv = 'key,value,headers\r\na,"x,""y""\nz",\r\n,plain,"[[""h"",""1""]]"\r\nb,\u00e9,\r\n'
    for (const pieceBytes of [1, 5, 1000]) {
      expect(read('csv', Buffer.from(csv, 'latin1'), {}, pieceBytes)).toEqual([
        { line: 2, key: 'a', value: 'x,"y"\nz' },
        { line: 4, key: null, value: 'plain', headers: [['h', '1']] },
        { line: 5, key: 'b', value: '\u00e9' },
      ])
    }
  })

  it('reads what consume prints as csv', () => {
    const csv =
      'topic,partition,offset,timestamp,timestampType,key,keyBase64,value,valueBase64,headers,headersBase64\nt,2,5,7,CreateTime,k,,,/w==,[],\n'
    expect(read('csv', csv, { keepsPartition: true, keepsTimestamp: true, maxRecordBytes: 500 })).toEqual([
      { line: 2, key: 'k', value: '\u00ff', partition: 2, timestamp: 7 },
    ])
  })

  it('has tombstones where the flags say how they look', () => {
    expect(read('csv', 'key,value\nk,\nk,NULL\n', { nullText: Buffer.from('NULL') })).toEqual([
      { line: 2, key: 'k', value: '' },
      { line: 3, key: 'k', value: null },
    ])
  })

  it('says which row is wrong', () => {
    expect(read('csv', 'value\na,b\n"x"y\nok\n')).toEqual([
      { line: 2, code: 'wrong-row' },
      { line: 3, code: 'wrong-row' },
      { line: 4, key: null, value: 'ok' },
    ])
  })

  it('is refused where its header is not that of records', () => {
    expect(() => read('csv', 'id,name\n1,x\n')).toThrow('"id" is no field of a record')
    expect(() => read('csv', 'key\n1\n')).toThrow('no column is called value')
  })
})

describe('raw', () => {
  it('is one value, whatever is in it', () => {
    expect(read('raw', 'a\nb\n', { key: Buffer.from('k') }, 2)).toEqual([
      { line: 1, key: 'k', value: 'a\nb\n' },
    ])
    expect(read('raw', 'x'.repeat(101), {}, 10)).toEqual([{ line: 1, code: 'line-too-long' }])
  })
})

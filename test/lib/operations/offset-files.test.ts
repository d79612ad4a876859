import { describe, expect, it } from 'vitest'
import { offsetCsvLine } from '../../../src/lib/operations/offset-csv.ts'
import { parseOffsetFile } from '../../../src/lib/operations/offset-files.ts'

const long = 'a-topic-with-a-rather-long-name'

describe('a file of offsets', () => {
  it('is written as Kafka writes it, quotes and all', () => {
    const at = { group: 'a, "b" c', topic: 'orders', partition: 2, offset: 30 }
    expect(offsetCsvLine(at, true)).toBe('"a, ""b"" c",orders,2,30\n')
    expect(offsetCsvLine(at, false)).toBe('orders,2,30\n')
    expect(offsetCsvLine({ ...at, topic: long, offset: 2n ** 60n }, false)).toBe(
      `"${long}",2,1152921504606846976\n`,
    )
  })

  it.each([
    ['Kafka’s CSV of one group', 'orders,0,5\r\norders,1,7\r\n'],
    ['CSV with a header, in another order', 'partition,offset,topic\n0,5,orders\n1,7,orders\n'],
    [
      'JSON of kcl',
      '[{"topic":"orders","partition":0,"offset":5},{"topic":"orders","partition":1,"offset":"7"}]',
    ],
    ['text of rpk', 'orders 0 5\n\norders\t1\t7\n'],
    ['text with a header', 'TOPIC  PARTITION  OFFSET\norders 0 5\norders 1 7'],
  ])('is read: %s', (_, text) => {
    expect(parseOffsetFile(text)).toEqual([
      { group: null, topic: 'orders', partition: 0, offset: 5 },
      { group: null, topic: 'orders', partition: 1, offset: 7 },
    ])
  })

  it('says the groups where it does', () => {
    const group = 'a,\n"b"'
    const line = offsetCsvLine({ group, topic: 'orders', partition: 0, offset: 5 }, true)
    const json = '{"version":1,"items":[{"group":"g","topic":"t","partition":1,"offset":2,"metadata":""}]}'
    expect(parseOffsetFile(line)).toEqual([{ group, topic: 'orders', partition: 0, offset: 5 }])
    expect(parseOffsetFile(json)).toEqual([{ group: 'g', topic: 't', partition: 1, offset: 2 }])
    expect(parseOffsetFile('')).toEqual([])
  })

  it.each([
    ['orders,0,-1', 'line 1: "-1" is no offset'],
    ['orders,0,5\norders,x,5', 'line 2: "x" is no partition'],
    ['orders,0,5\norders,0,6', 'orders:0: it is there twice, with offset 5 and with 6'],
    ['orders,0', 'line 1: there are 2 columns'],
    ['"orders,0,5', 'line 1: a quote is not closed'],
    ['"or"ders,0,5', 'line 1: something stands behind a closing quote'],
    ['{"items":3}', 'its JSON holds no list'],
    ['[{"topic":"a b","partition":0,"offset":1}]', 'item 1: "a b" is no topic'],
    ['orders,0,99999999999999999999', 'line 1: "99999999999999999999" is no offset'],
    ['[', 'it is no JSON'],
  ])('is refused where it is %s', (text, message) => {
    expect(() => parseOffsetFile(text)).toThrow(message)
  })
})

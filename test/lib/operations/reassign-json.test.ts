import { describe, expect, it } from 'vitest'
import { DataError } from '../../../src/lib/errors.ts'
import {
  formatReassignment,
  parseElection,
  parseReassignment,
  parseTopicsToMove,
} from '../../../src/lib/operations/reassign-json.ts'

const kafkas =
  '{"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[2,3],"log_dirs":["any","/d/1"]},{"topic":"orders","partition":1,"replicas":[3],"log_dirs":["any"]}]}'

describe('the reassignment JSON of Kafka', () => {
  it('is read, and written to the letter', () => {
    expect(formatReassignment(parseReassignment(kafkas, 'f'))).toBe(kafkas)
  })

  it('may be without directories: then each is any', () => {
    const [line] = parseReassignment(
      '{"version":1,"partitions":[{"topic":"a","partition":0,"replicas":[1]}]}',
      'f',
    )
    expect(line).toEqual({ topic: 'a', partition: 0, replicas: [1], logDirs: null })
    expect(formatReassignment(line === undefined ? [] : [line])).toMatch(/"log_dirs":\["any"\]/)
  })

  it.each([
    ['no JSON', 'no JSON'],
    ['[]', 'not an object'],
    ['{"partitions":[]}', 'version'],
    ['{"version":2,"partitions":[]}', 'version'],
    ['{"version":1}', 'not a list'],
    [line('"partition":0,"replicas":[1]'), 'names no topic'],
    [line('"topic":"a","partition":-1,"replicas":[1]'), 'number of a partition'],
    [line('"topic":"a","partition":0,"replicas":[]'), 'lists no brokers'],
    [line('"topic":"a","partition":0,"replicas":[1,1]'), 'twice'],
    [line('"topic":"a","partition":0,"replicas":["1"]'), 'not the id'],
    [line('"topic":"a","partition":0,"replicas":[1],"log_dirs":[]'), 'one directory for each'],
    [line('"topic":"a","partition":0,"replicas":[1],"log_dirs":[7]'), 'a directory is a path, or "any"'],
    [
      line('"topic":"a","partition":0,"replicas":[1]},{"topic":"a","partition":0,"replicas":[2]'),
      'there twice',
    ],
  ])('is refused as %s', (text, reason) => {
    expect(() => parseReassignment(text, 'moves.json')).toThrow(DataError)
    expect(() => parseReassignment(text, 'moves.json')).toThrow(reason)
  })
})

describe('the other files of Kafka’s tools', () => {
  it('name topics to move, each once', () => {
    expect(parseTopicsToMove('{"topics":[{"topic":"a"},{"topic":"b"}],"version":1}', 'f')).toEqual(['a', 'b'])
    expect(() => parseTopicsToMove('{"topics":[{"topic":"a"},{"topic":"a"}],"version":1}', 'f')).toThrow(
      'twice',
    )
  })

  it('name partitions to elect leaders of, each once, and have no version', () => {
    const one = '{"topic":"a","partition":3}'
    expect(parseElection(`{"partitions":[${one}]}`, 'f')).toEqual([{ topic: 'a', partition: 3 }])
    expect(() => parseElection(`{"partitions":[${one},${one}]}`, 'f')).toThrow('twice')
  })
})

function line(facts: string): string {
  return `{"version":1,"partitions":[{${facts}}]}`
}

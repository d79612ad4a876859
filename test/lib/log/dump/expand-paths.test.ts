import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Claims } from '../../../../src/lib/log/dump/dump-input.ts'
import { expandPaths } from '../../../../src/lib/log/dump/expand-paths.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'

const zero = '00000000000000000000'
let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ktool-'))
  const files = [
    'meta.properties',
    `orders-10/${zero}.log`,
    `orders-2/${zero}.log`,
    'orders-2/00000000000000000007.log',
    `orders-2/${zero}.index`,
    'orders-2/00000000000000000003.log.deleted',
    `audit-0/${zero}.log`,
    `gone-0.0123456789abcdef0123456789abcdef-delete/${zero}.log`,
    `some-where/${zero}.log`,
    'some-where/orders.log',
    'some-where/notes.txt',
    `some-where/0_1r5rzj5sTZOldwPvxvTbSg.index`,
    'some-where/leader-epoch-checkpoint',
    'empty-0/partition.metadata',
  ]
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), '')
  }
  symlinkSync('loop', join(root, 'some-where/loop'))
})

afterAll(() => rmSync(root, { recursive: true }))

function expand(words: string[], claims: Claims = {}) {
  const { inputs, failures } = expandPaths(
    systemDisk,
    words.map((word) => (word === '-' ? word : join(root, word))),
    claims,
  )
  return { inputs, failures: failures.map(({ error }) => error.code) }
}

function filesOf(words: string[], claims?: Claims): string[] {
  return expand(words, claims).inputs.map(({ file }) => relative(root, file))
}

it("takes a partition's folder for its segments, each with the offset that the next begins at", () => {
  const { inputs } = expand(['orders-2'])
  expect(inputs).toEqual([
    {
      file: join(root, `orders-2/${zero}.log`),
      kind: 'log',
      baseOffset: 0,
      nextBaseOffset: 7,
      topic: 'orders',
      partition: 2,
      isListed: true,
    },
    {
      file: join(root, 'orders-2/00000000000000000007.log'),
      kind: 'log',
      baseOffset: 7,
      nextBaseOffset: null,
      topic: 'orders',
      partition: 2,
      isListed: true,
    },
  ])
})

it('takes a log directory for all partitions in use, in order', () => {
  expect(filesOf([''])).toEqual([
    `audit-0/${zero}.log`,
    `orders-2/${zero}.log`,
    'orders-2/00000000000000000007.log',
    `orders-10/${zero}.log`,
  ])
})

it('expands what the shell has not', () => {
  expect(filesOf(['orders-2/*'])).toEqual([
    `orders-2/${zero}.index`,
    `orders-2/${zero}.log`,
    'orders-2/00000000000000000003.log.deleted',
    'orders-2/00000000000000000007.log',
  ])
  expect(filesOf(['orders-?/*[0-6].log'])).toEqual([`orders-2/${zero}.log`])
  // meta.properties matches the first part, and is no folder.
  expect(filesOf([`*s*/${zero}.log`])).toEqual([
    `orders-10/${zero}.log`,
    `orders-2/${zero}.log`,
    `some-where/${zero}.log`,
  ])
  expect(filesOf(['orders-[!2]*'])).toEqual([`orders-10/${zero}.log`])
  expect(expand(['*.none']).failures).toEqual(['file-not-found'])
})

it('takes the word of who knows better', () => {
  const claims = { kind: 'log' as const, owner: { topic: 'orders', partition: 1 } }
  const { inputs, failures } = expand(['some-where/orders.log', '-'], claims)
  expect(failures).toEqual([])
  expect(inputs.map(({ topic, baseOffset, kind }) => [topic, baseOffset, kind])).toEqual([
    ['orders', null, 'log'],
    ['orders', null, 'log'],
  ])
  const index = expand(['-'], { kind: 'index', baseOffset: 7 })
  expect(index.inputs[0]).toMatchObject({ kind: 'index', baseOffset: 7, topic: null })
})

it("knows Kafka's other names", () => {
  const { inputs } = expand([
    'some-where/0_1r5rzj5sTZOldwPvxvTbSg.index',
    'some-where/leader-epoch-checkpoint',
  ])
  expect(inputs.map(({ kind, baseOffset }) => [kind, baseOffset])).toEqual([
    ['index', 0],
    ['leader-epochs', null],
  ])
})

it.each([
  ['some-where/orders.log', 'no-base-offset'],
  ['some-where/notes.txt', 'not-a-kafka-file'],
  ['some-where/loop', 'symlink-loop'],
  ['some-where/nothing', 'file-not-found'],
  ['empty-0', 'no-segments'],
])('says what is wrong with %s: %s; the others go on', (word, code) => {
  const { inputs, failures } = expand([word, 'audit-0'])
  expect(failures).toEqual([code])
  expect(inputs.length).toBe(1)
})

import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ktool } from '../ktool.ts'

const disk = fileURLToPath(new URL('../golden/disk', import.meta.url))
const hole = `${disk}/corrupt/cases/zero-hole/victim-0`

it('shows damage in its place in a table of batches, and names files without the folder of all of them', async () => {
  const { header, rows, status } = await table(hole)

  expect(status).toBe(3)
  const damaged = rows.filter(({ VALID }) => VALID !== 'yes')
  expect(damaged.map(({ VALID }) => VALID)).toEqual(['damaged at 1104: its length is 0'])
  expect(damaged[0]).toMatchObject({ FILE: '00000000000000000027.log', 'BASE OFFSET': '-' })
  expect(header).not.toContain('KIND')
})

it('shows damage in its place in a table of records', async () => {
  const { rows, status } = await table(hole, '--records')

  expect(status).toBe(3)
  expect(rows.map(({ OFFSET }) => OFFSET).slice(32, 35)).toEqual(['32', '-', '36'])
  expect(rows[33]).toMatchObject({ KEY: '-', VALUE: 'damaged at 1104: its length is 0' })
})

it('shows of a control record what it says, not its bytes', async () => {
  const { header, rows } = await table(`${disk}/segments/txn-v2/txn-v2-0`, '--all')

  expect(header.filter((each) => each === 'CONTROL')).toHaveLength(1)
  const markers = rows.filter(({ CONTROL }) => CONTROL === 'COMMIT' || CONTROL === 'ABORT')
  expect(markers.length).toBeGreaterThan(1)
  expect(new Set(markers.flatMap(({ KEY, VALUE }) => [KEY, VALUE]))).toEqual(new Set(['-']))
})

it('shows the paths of files that lie in several folders', async () => {
  const paths = [`${disk}/segments/empty`, `${disk}/segments/codec-none`].map((each) => `${each}/*-0`)
  const { rows } = await table(...paths)
  expect(new Set(rows.map(({ FILE }) => FILE))).toEqual(
    new Set([`${disk}/segments/codec-none/codec-none-0/00000000000000000000.log`]),
  )
})

async function table(...args: string[]) {
  const { stdout, status } = await ktool(['dump-segment', ...args])
  const [header = [], ...lines] = stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
  const rows = lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])))
  return { header, rows, status }
}

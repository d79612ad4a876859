import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'

const cluster = fileURLToPath(new URL('../golden/disk/logdirs/cluster-3/', import.meta.url))
const [node2, node3] = [join(cluster, 'node2'), join(cluster, 'node3')]

describe('ktool segments diff', () => {
  it('finds the fork of two copies, and what each would lose to follow the other', async () => {
    const folders = [join(node2, 'diverge-0'), join(node3, 'diverge-0')]
    const { status, stdout, stderr } = await ktool(['segments', 'diff', ...folders, '-o', 'json', '-q'])
    expect(status).toBe(3)
    const common = {
      topic: 'diverge',
      partition: 0,
      verdict: 'diverged',
      logStartOffset: 0,
      partsAtOffset: 30,
      difference: 'timestamp',
      file: '00000000000000000000.log',
      position: 1006,
      finding: null,
      onlyHere: 0,
      firstOnlyHere: null,
      truncatesTo: 30,
    }
    expect(JSON.parse(stdout.toString())).toEqual({
      version: 1,
      items: [
        {
          ...common,
          folder: folders[0],
          logEndOffset: 50,
          highWatermark: 50,
          lastEpoch: 0,
          epoch: 0,
          losesOffsets: 20,
        },
        {
          ...common,
          folder: folders[1],
          logEndOffset: 42,
          highWatermark: 42,
          lastEpoch: 2,
          epoch: 2,
          losesOffsets: 12,
        },
      ],
      errors: [],
    })
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'replicas-diverged', details: { offset: 30 } })
  })

  it('says which copy is behind, and that this is no trouble', async () => {
    const { status, stderr } = await ktool([
      'segments',
      'diff',
      join(node2, 'shrunk-0'),
      join(node3, 'shrunk-0'),
    ])
    expect(status).toBe(0)
    expect(stderr).toMatch(/node2\/shrunk-0 is behind by 25 offsets: both agree up to 40\./)
  })

  it('refuses what is no partition', async () => {
    const { status, stderr } = await ktool(['segments', 'diff', node2, node3])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^Error: .*node2 has no segments\n {2}name the folder of one partition/)
  })
})

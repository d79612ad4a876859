import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { randomDraw, seedOfRun } from '../random.ts'
import { killLoop } from './kill-loop.ts'
import { compactedProduce } from './workloads/compacted-produce.ts'
import { groupCommits } from './workloads/group-commits.ts'
import { groupMembers } from './workloads/group-members.ts'
import { idempotentProduce } from './workloads/idempotent-produce.ts'
import { movedProduce } from './workloads/moved-produce.ts'
import { plainProduce } from './workloads/plain-produce.ts'
import { transactions } from './workloads/transactions.ts'

/** A few in the default tests; CI and the nightly run say how many. */
const kills = Number(process.env.KTOOL_KILLS ?? 3)
const seed = seedOfRun()

it(`loses nothing acknowledged over ${kills} kills (seed ${seed})`, {
  timeout: 60_000 + kills * 5000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ktool-kills-'))
  const dataDirs = ['one', 'two'].map((name) => join(folder, name))
  const workloads = [
    ...[plainProduce(), idempotentProduce(), transactions(), groupCommits(), groupMembers()],
    ...[compactedProduce(), movedProduce()],
  ]
  try {
    const { acked } = await killLoop(workloads, {
      dataDirs,
      kills,
      draw: randomDraw(seed),
      // Segments so small that a kill may fall into a roll.
      settings: {
        'offsets.topic.num.partitions': '3',
        'transaction.state.log.num.partitions': '3',
        // Into a compaction too, of the internal topics as well.
        'offsets.topic.segment.bytes': '1048576',
        'transaction.state.log.segment.bytes': '1048576',
        'log.cleaner.backoff.ms': '20',
        'log.cleaner.min.cleanable.ratio': '0.01',
      },
    })
    for (const [name, count] of acked) expect(count, name).toBeGreaterThan(kills)
    const verified = await ktool(['segments', 'verify', ...dataDirs, '-o', 'json'])
    expect(verified.status, verified.stdout.toString().slice(0, 2000)).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

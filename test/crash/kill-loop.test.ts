import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { randomDraw, seedOfRun } from '../random.ts'
import { killLoop } from './kill-loop.ts'
import { groupCommits } from './workloads/group-commits.ts'
import { groupMembers } from './workloads/group-members.ts'
import { idempotentProduce } from './workloads/idempotent-produce.ts'
import { plainProduce } from './workloads/plain-produce.ts'
import { transactions } from './workloads/transactions.ts'

/** A few in the default tests; CI and the nightly run say how many. */
const kills = Number(process.env.KTOOL_KILLS ?? 3)
const seed = seedOfRun()

it(`loses nothing acknowledged over ${kills} kills (seed ${seed})`, {
  timeout: 60_000 + kills * 5000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ktool-kills-'))
  const workloads = [plainProduce(), idempotentProduce(), transactions(), groupCommits(), groupMembers()]
  try {
    const { acked } = await killLoop(workloads, {
      dataDir,
      kills,
      draw: randomDraw(seed),
      // Segments so small that a kill may fall into a roll.
      settings: {
        'offsets.topic.num.partitions': '3',
        'transaction.state.log.num.partitions': '3',
      },
    })
    for (const [name, count] of acked) expect(count, name).toBeGreaterThan(kills)
    const verified = await ktool(['segments', 'verify', dataDir, '-o', 'json'])
    expect(verified.status, verified.stdout.toString().slice(0, 2000)).toBe(0)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})

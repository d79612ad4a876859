import { beforeAll, describe, it } from 'vitest'
import { verifyPaths } from '../../../../src/lib/log/verify/verify-paths.ts'
import { noThreads } from '../../../../src/lib/ports/threads.ts'
import { LENGTH } from '../../../../src/lib/records/batch-layout.ts'
import { embedding, logs, otherFiles, type Subject } from './corpus.ts'
import { MemoryDisk } from './memory-disk.ts'
import { must, Written } from './reading.ts'
import { patienceMs, sayChoice, tryMutants } from './run.ts'

const AMOUNT = { part: 25, whole: 2000 } as const
const LARGEST_BYTES = 1250

/** What has a checksum. No index has one, and many an entry of it would do. */
const told = [...logs, ...otherFiles].filter(
  ({ name, file, bytes, isOfDirectory }) =>
    name !== embedding.name &&
    !isOfDirectory &&
    bytes.length <= LARGEST_BYTES &&
    /\.(log|snapshot)$/.test(file),
)

beforeAll(sayChoice)

describe('segments verify', () => {
  it.each(told)(
    'tells of each flipped bit that a checksum covers: $name',
    {
      timeout: patienceMs,
    },
    async (subject) => {
      const uncovered = uncoveredBytes(subject)
      const whole = await findingsOf(subject, subject.bytes)
      await tryMutants(subject, AMOUNT, async ({ how, bytes, kept: [before] }) => {
        if (!how.includes('flipped') || uncovered.has(before?.to ?? 0)) return
        must((await findingsOf(subject, bytes)) !== whole, 'nothing was said of it')
      })
    },
  )
})

/**
 * Where nothing can tell what was there, unless the neighbours do: the offset of a batch, which its CRC leaves out.
 * Where the cleaner was, neighbours are missing.
 */
function uncoveredBytes({ file, bytes }: Subject): ReadonlySet<number> {
  if (!file.endsWith('.log')) return new Set()
  const { batches } = new Written(bytes)
  return new Set(batches.flatMap(({ position }) => Array.from({ length: LENGTH }, (_, i) => position + i)))
}

const turns = { isDue: () => false, turn: async () => {} }

async function findingsOf({ folder, file, beside }: Subject, bytes: Buffer): Promise<string> {
  const files = new Map<string, Buffer>()
  for (const [name, other] of beside) files.set(`/${folder}/${name}`, name === file ? bytes : other)
  const options = { nowMs: 1_700_000_100_000, turns, threads: noThreads }
  const said: string[] = []
  for await (const { rows } of verifyPaths(new MemoryDisk(files), [`/${folder}`], options)) {
    for (const { findings } of rows) said.push(...findings.map(({ code, reason }) => `${code} ${reason}`))
  }
  return said.join('\n')
}

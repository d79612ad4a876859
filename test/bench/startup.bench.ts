import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure, type Subject, type Timing } from './measure.ts'

/**
 * What a start of ktool costs, as a multiple of what Node itself needs to do nothing. All take turns in one
 * run; the code cache is ktool's own, in a folder of this run, and made before the first measured start.
 */
const limits: Record<string, number> = {
  'ktool --version': 1.15,
  'ktool completion bash': 1.15,
  'ktool protocol errors 3': 2.2,
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'bin/ktool.js')
if (!existsSync(join(root, 'dist/ktool.cjs'))) throw new Error('dist/ is missing: run `npm run build` first')
const cache = mkdtempSync(join(tmpdir(), 'ktool-bench-'))
const { NODE_OPTIONS: _, ...rest } = process.env
const env = { ...rest, XDG_CACHE_HOME: cache }

function start(name: string, args: string[]): Subject {
  const work = () => {
    const { status } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    if (status !== 0) throw new Error(`${name} ended with ${status}`)
  }
  return { name, work }
}

const subjects = [
  start('node -e 0', ['-e', '0']),
  ...Object.keys(limits).map((name) => start(name, [bin, ...name.split(' ').slice(1)])),
]
const [nothing, ...ours] = measure(subjects, { rounds: 31, runs: 1 }) as [Timing, ...Timing[]]
for (const { name, medianUs, bestUs } of [nothing, ...ours]) {
  const ratio = medianUs / nothing.medianUs
  const limit = limits[name]
  const verdict = limit === undefined ? '' : `, limit ${limit}×${ratio > limit ? ' EXCEEDED' : ''}`
  const best = `best ${(bestUs / 1000).toFixed(1)} ms`
  process.stdout.write(
    `${name.padEnd(26)} median ${(medianUs / 1000).toFixed(1)} ms  ${best}  ${ratio.toFixed(2)}×${verdict}\n`,
  )
}
rmSync(cache, { recursive: true })

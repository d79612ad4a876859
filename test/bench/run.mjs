// Runs benchmarks: `npm run bench -- schema records`, or all of them without a name.
// Each is bundled first, because Node 20 does not run TypeScript, and gets a process of its own.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = fileURLToPath(new URL('../../.cache/bench/', import.meta.url))
const all = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all

for (const name of wanted) {
  await build({
    entryPoints: [`${here}${name}.bench.ts`],
    outfile: `${out}${name}.mjs`,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  console.log(`\n# ${name} (Node ${process.version}, ${process.platform} ${process.arch})`)
  // Reading extra certificates costs Node 20 as much again as its whole start.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const { status } = spawnSync(process.execPath, [`${out}${name}.mjs`], {
    stdio: 'inherit',
    env,
  })
  if (status !== 0) process.exitCode = 1
}

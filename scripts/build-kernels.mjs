// Compiles the kernels of src/lib/compression/kernels to WebAssembly and writes kernels/module.ts.
// The compiler is large and needed only when a kernel changes, so it is fetched when this runs, not installed.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const compiler = 'assemblyscript@0.28.20'
const folder = new URL('../src/lib/compression/kernels/', import.meta.url)

/** What the arena calls; see src/lib/compression/module-arena.ts. */
const entry = `
export { lz4Decode, lz4Encode } from './lz4'
export { snappyDecode, snappyEncode } from './snappy'
export { xxhash32 } from './xxhash32'
export { xxhash64Low } from './xxhash64'
export { zstdBlock, zstdStartFrame } from './zstd-block'
export { zstdEncodeBlock } from './zstd-encoder-block'
export { zstdForget } from './zstd-matches'
`

/** The compiler knows `i32` itself, wants no endings in imports, and takes a type like any other name. */
function adapt(source) {
  return source
    .replace(/import type \{ i32 \} from '[^']*'\n/g, '')
    .replace(/^\s*type i32,\n/gm, '')
    .replace(/\btype i32,? ?/g, '')
    .replace(/(import \{[^}]*\} from '\.\/[\w-]+)\.ts'/g, (text) =>
      text.replace(/\btype /g, '').replace('.ts', ''),
    )
    .replace(/(import \{[^}]*\} from '\.\/[\w-]+)$/gm, "$1'")
}

const names = readdirSync(folder)
  .filter((name) => name !== 'module.ts' && name !== 'memory.ts')
  .sort()
const hash = createHash('sha256')
const work = mkdtempSync(join(tmpdir(), 'kernels-'))
try {
  mkdirSync(work, { recursive: true })
  for (const name of names) {
    const source = readFileSync(new URL(name, folder), 'utf8')
    hash.update(name).update(source)
    writeFileSync(join(work, name.replace(/\.as$/, '.ts')), adapt(source))
  }
  writeFileSync(join(work, 'entry.ts'), entry)
  const flags = [
    '-O3',
    '--converge',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--use',
    'abort=',
  ]
  execFileSync('npx', ['--yes', '-p', compiler, 'asc', 'entry.ts', '-o', 'kernels.wasm', ...flags], {
    cwd: work,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const wasm = readFileSync(join(work, 'kernels.wasm'))
  writeFileSync(
    new URL('module.ts', folder),
    `/** Made by \`npm run kernels\` from the files beside this one; not to be edited. */

/** The kernels as WebAssembly, in base64. */
export const moduleText =
  '${wasm.toString('base64')}'

/** SHA-256 over names and contents of what it was made from. */
export const moduleSources = '${hash.digest('hex')}'
`,
  )
  console.log(`kernels/module.ts: ${wasm.length} bytes of WebAssembly`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

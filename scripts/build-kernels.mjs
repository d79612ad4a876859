// Compiles kernels, written in restricted TypeScript, to WebAssembly: each folder of them to its module.ts.
// The compiler is large and needed only when a kernel changes, so it is fetched when this runs, not installed.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const compiler = 'assemblyscript@0.28.20'

/** Where kernels lie, and what is called from outside: by module-crc.ts, module-arena.ts and line-engine.ts. */
const modules = [
  {
    folder: 'src/lib/bytes/kernels/',
    entry: `
export { prepare, update } from './crc'
`,
  },
  {
    folder: 'src/lib/compression/kernels/',
    entry: `
export { lz4Decode, lz4Encode } from './lz4'
export { snappyDecode, snappyEncode } from './snappy'
export { xxhash32 } from './xxhash32'
export { xxhash64Low } from './xxhash64'
export { zstdBlock, zstdStartFrame } from './zstd-block'
export { zstdEncodeBlock } from './zstd-encoder-block'
export { zstdForget } from './zstd-matches'
`,
  },
  {
    folder: 'src/lib/output/records/kernels/',
    entry: `
export { recordLine } from './record-line'
export { recordLines } from './record-lines'
export { valueLines } from './value-lines'
`,
  },
]

const flags = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort=']

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

for (const { folder, entry } of modules) make(folder, new URL(`../${folder}`, import.meta.url), entry)

function make(name, folder, entry) {
  const work = mkdtempSync(join(tmpdir(), 'kernels-'))
  try {
    const hash = createHash('sha256')
    for (const file of sourcesIn(folder)) {
      const source = readFileSync(new URL(file, folder), 'utf8')
      hash.update(file).update(source)
      writeFileSync(join(work, file.replace(/\.as$/, '.ts')), adapt(source))
    }
    writeFileSync(join(work, 'entry.ts'), entry)
    execFileSync('npx', ['--yes', '-p', compiler, 'asc', 'entry.ts', '-o', 'kernels.wasm', ...flags], {
      cwd: work,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const wasm = readFileSync(join(work, 'kernels.wasm'))
    writeFileSync(new URL('module.ts', folder), moduleFile(wasm, hash.digest('hex')))
    console.log(`${name}module.ts: ${wasm.length} bytes of WebAssembly`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function sourcesIn(folder) {
  return readdirSync(folder)
    .filter((name) => name !== 'module.ts' && name !== 'memory.ts')
    .sort()
}

function moduleFile(wasm, sources) {
  return `/** Made by \`npm run kernels\` from the files beside this one; not to be edited. */

/** The kernels as WebAssembly, in base64. */
export const moduleText =
  '${wasm.toString('base64')}'

/** SHA-256 over names and contents of what it was made from. */
export const moduleSources = '${sources}'
`
}

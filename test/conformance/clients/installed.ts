import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const sources = fileURLToPath(new URL('.', import.meta.url))
const cache = fileURLToPath(new URL('../../../.cache/clients/', import.meta.url))

/** The Python that has the clients of requirements.txt. */
export async function pythonWithClients(): Promise<string> {
  const folder = await installed('python', ['requirements.txt'], async (place) => {
    await run('python3', ['-m', 'venv', place])
    await run(`${place}/bin/pip`, ['install', '--quiet', '-r', `${sources}python/requirements.txt`])
  })
  return `${folder}/bin/python`
}

/** A folder with the programs of go/, compiled. */
export function goClients(): Promise<string> {
  return installed('go', filesBelow(`${sources}go`), async (place) => {
    mkdirSync(place, { recursive: true })
    await run('go', ['build', '-o', `${place}/`, './...'], { cwd: `${sources}go` })
  })
}

/** A folder with the programs of node/ and what they import. */
export function nodeClients(): Promise<string> {
  return installed('node', filesBelow(`${sources}node`), async (place) => {
    cpSync(`${sources}node`, place, { recursive: true })
    await run('npm', ['install', '--silent', '--no-audit', '--no-fund'], { cwd: place })
  })
}

/** Once for each content of these files; a half-made one is never taken for whole. */
async function installed(
  name: string,
  files: readonly string[],
  make: (place: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(`${sources}${name}/${file}`))
  const place = `${cache}${name}-${hash.digest('hex').slice(0, 12)}`
  const isDone = `${place}.done`
  if (existsSync(isDone)) return place
  rmSync(place, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  await make(place)
  mkdirSync(isDone)
  return place
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .sort()
}

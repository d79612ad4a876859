import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Reads golden data, which lies beside this file; its README says what made each part. */
export function goldenText(path: string): string {
  const raw = readFileSync(new URL(path, import.meta.url))
  return (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8')
}

export function goldenLines<T>(path: string): T[] {
  return goldenText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

export function goldenFiles(folder: string): string[] {
  return readdirSync(new URL(folder, import.meta.url))
    .sort()
    .map((name) => `${folder}/${name}`)
}

/** Every file below a folder. */
export function goldenTree(folder: string): string[] {
  const entries = readdirSync(new URL(folder, import.meta.url), { withFileTypes: true })
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? goldenTree(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    )
}

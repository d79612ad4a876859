import type { Surroundings } from './surroundings.ts'

/** All of stdin. Somebody at a terminal is told what is waited for. */
export async function readInput({ stdin, stderr }: Surroundings, wanted: string): Promise<Buffer> {
  if (stdin.isTerminal) await stderr.write(`Type or paste ${wanted}, then press Ctrl-D.\n`)
  const chunks: Uint8Array[] = []
  for await (const chunk of stdin.chunks()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

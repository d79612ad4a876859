import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../../bin/ktool.js', import.meta.url))

export interface Run {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs the built tool as its users do. */
export function ktool(args: string[], input = ''): Promise<Run> {
  const child = spawn(process.execPath, [bin, ...args])
  const run: Run = { status: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    run.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    run.stderr += text
  })
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ ...run, status }))
  })
}

/*
 * Starts a program and outlives its own parent long enough to stop it: when the parent goes, by whatever
 * signal, standard input ends here. Then the program is asked to stop, made to after a while, and its
 * folder is removed.
 *
 * Reads one line of JSON: {command, args, logFile, readyLine, folder, patienceMs}. Writes `ready PID` once a
 * line of the program's output holds readyLine, and `exited CODE` if it ends by itself.
 */
import { spawn } from 'node:child_process'
import { createWriteStream, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

const orders = createInterface({ input: process.stdin })
orders.once('line', (line) => keep(JSON.parse(line)))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.stdin.destroy())

function keep({ command, args, logFile, readyLine, folder, patienceMs }) {
  const log = createWriteStream(logFile)
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false })
    createInterface({ input: stream }).on('line', (line) => {
      if (line.includes(readyLine)) tell(`ready ${child.pid}`)
    })
  }
  process.stdin.once('close', () => stop(child, patienceMs))
  child.once('error', (error) => {
    tell(`exited ${error.message}`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    rmSync(folder, { recursive: true, force: true })
    tell(`exited ${code ?? signal}`)
    log.end(() => process.exit(0))
  })
}

function stop(child, patienceMs) {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), patienceMs).unref()
}

/** Nobody may be left to hear it. */
function tell(line) {
  process.stdout.write(`${line}\n`, () => {})
}
process.stdout.on('error', () => {})

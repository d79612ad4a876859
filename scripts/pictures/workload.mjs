// Something to look at: a local broker, programs that write to it, and groups that read, each in its own way.
import { spawn, spawnSync } from 'node:child_process'

/** Lines for ever: customers with their orders, as `ktool produce -K :` reads them. */
const lines = `
  let order = 0
  const customer = (at) => 'customer-' + (at * 7919) % 500
  setInterval(() => {
    for (let i = 0; i < 50; i++) {
      order += 1
      process.stdout.write(customer(order) + ':' + JSON.stringify({ order, cents: (order * 37) % 9000 }) + '\\n')
    }
  }, 100)
`

export class Workload {
  #root
  #env
  #running = []

  constructor(root, env) {
    this.#root = root
    this.#env = env
  }

  start() {
    this.#run('broker start --port 0 --ephemeral --topic orders:6 --topic payments:3 --topic shipments:4')
    this.#write('orders', 120)
    this.#write('payments', 45)
    this.#write('shipments', 15)
    // One that keeps up, one that reads two topics, one that is too slow for what comes, and one that has stopped.
    this.#go('consume orders -f -g billing -o raw')
    this.#go('consume orders shipments -f -g search-index -o raw')
    this.#go('consume orders -f -g fraud-check --exec "sleep 0.02"')
    this.#go('consume payments -f -n 600 -g ledger -o raw')
  }

  stop() {
    // Each leads a group of processes: the pipes end with it.
    for (const { pid } of this.#running) {
      try {
        process.kill(-pid, 'SIGTERM')
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
    }
    this.#run('broker stop')
  }

  #write(topic, rate) {
    this.#go(
      `produce ${topic} -K : --rate ${rate}`,
      `"${process.execPath}" -e '${lines.replaceAll("'", `'\\''`)}' | `,
    )
  }

  #go(words, before = '') {
    const options = { env: this.#env, cwd: this.#root, stdio: 'ignore', detached: true, shell: true }
    this.#running.push(spawn(`${before}ktool ${words}`, options))
  }

  #run(words) {
    const { status, stderr } = spawnSync(`ktool ${words}`, {
      env: this.#env,
      cwd: this.#root,
      shell: true,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) throw new Error(`ktool ${words} ended with ${status}: ${stderr}`)
  }
}

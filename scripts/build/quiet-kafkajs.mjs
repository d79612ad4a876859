// kafkajs asks for timers in the past, which Node 24 warns of on stderr at each connection. They fire as soon as timers
// can, now as before. A kafkajs that is written in another way than this expects stops the build.
import { readFile } from 'node:fs/promises'

const FILE = /kafkajs[\\/]src[\\/]network[\\/]requestQueue[\\/]index\.js$/
const FROM = 'let scheduleAt = this.throttledUntil - Date.now()'
const TO = 'let scheduleAt = Math.max(0, this.throttledUntil - Date.now())'

export function quietKafkajs() {
  return {
    name: 'quiet-kafkajs',
    setup(build) {
      build.onLoad({ filter: FILE }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        if (!source.includes(FROM)) throw new Error(`kafkajs has changed; nothing is ${FROM}`)
        return { contents: source.replace(FROM, TO), loader: 'js' }
      })
    },
  }
}

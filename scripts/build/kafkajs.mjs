import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { bundled, withoutBlanks } from './settings.mjs'

/** kafkajs, whole, as a file of its own: a tenth of the program, which only members of groups need. */
export async function kafkajs(root) {
  const result = await build({
    stdin: { contents: `module.exports = require('kafkajs')`, resolveDir: root, sourcefile: 'kafkajs.js' },
    ...bundled,
    ...withoutBlanks,
    format: 'cjs',
    plugins: [quietKafkajs],
  })
  return { code: result.outputFiles[0].text, metafile: result.metafile }
}

/** The program loads it from beside itself. */
export const kafkajsApart = {
  name: 'kafkajs-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^kafkajs$/ }, () => ({ path: './kafkajs.cjs', namespace: 'kafkajs-apart' }))
    onLoad({ filter: /.*/, namespace: 'kafkajs-apart' }, ({ path }) => ({
      contents: `module.exports = require('node:module').createRequire(__filename)('${path}')`,
    }))
  },
}

const FILE = /kafkajs[\\/]src[\\/]network[\\/]requestQueue[\\/]index\.js$/
const FROM = 'let scheduleAt = this.throttledUntil - Date.now()'
const TO = 'let scheduleAt = Math.max(0, this.throttledUntil - Date.now())'

/**
 * It asks for timers in the past, which Node 24 warns of on stderr at each connection. They fire as soon as timers can,
 * now as before. A kafkajs that is written in another way than this expects stops the build.
 */
const quietKafkajs = {
  name: 'quiet-kafkajs',
  setup({ onLoad }) {
    onLoad({ filter: FILE }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes(FROM)) throw new Error(`kafkajs has changed; nothing is ${FROM}`)
      return { contents: source.replace(FROM, TO), loader: 'js' }
    })
  },
}

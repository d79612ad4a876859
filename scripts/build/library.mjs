import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { externals } from './bundle.mjs'
import { bundled } from './settings.mjs'
import { withoutAbout } from './without-about.mjs'

const entry = `
  import { systemClock } from './src/lib/ports/clock.ts'
  import { systemDisk } from './src/lib/ports/system-disk.ts'
  import { systemRandom } from './src/lib/ports/random.ts'
  import { systemEventLoop } from './src/lib/ports/event-loop.ts'
  import { systemNetwork } from './src/lib/network/sockets.ts'
  import { brokerStarter } from './src/lib/local/start-broker.ts'
  const clock = systemClock(() => process.hrtime())
  export const startBroker = brokerStarter({
    environment: process.env,
    platform: process.platform,
    processId: process.pid,
    ports: {
      clock,
      disk: systemDisk,
      random: systemRandom,
      network: systemNetwork(systemEventLoop()),
    },
  })`

/** What other programs import from ktool: the files of its export, by name. */
export async function library(root, about) {
  const result = await build({
    stdin: { contents: entry, resolveDir: root, sourcefile: 'library.js', loader: 'js' },
    ...bundled,
    plugins: [withoutAbout],
    format: 'cjs',
    external: externals(about),
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { 'import.meta.url': 'bundleUrl' },
  })
  const types = typesOf(root)
  return {
    'broker.cjs': result.outputFiles[0].text,
    'broker.mjs': `import broker from './broker.cjs'\nexport const startBroker = broker.startBroker\n`,
    'broker.d.cts': types,
    'broker.d.mts': types,
  }
}

/** The exported types stand in a file without imports, which is a declaration file as it is. */
function typesOf(root) {
  const types = readFileSync(join(root, 'src/lib/local/exported.ts'), 'utf8')
  return `/// <reference lib="esnext.disposable" />\n${types}\nexport declare const startBroker: StartBroker\n`
}

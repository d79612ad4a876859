/*
 * `npm run demo`: installs, builds, and shows what ktool does. Needs nothing but git, Node and npm, and
 * stops by itself. Each line after a $ is what the shell is given: paste it, and it does the same for you.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const ktool = 'node bin/ktool.js'
const answer = 'docs/examples/metadata-v13-response.hex'
const layout = '--api Metadata --version 13 --type response --header'
const logDir = 'test/golden/disk/logdirs/kraft-431/data0'
const offsets = `${logDir}/__consumer_offsets-1/00000000000000000000.log`
const metadata = `${logDir}/__cluster_metadata-0/00000000000000000000.log`

const started = performance.now()

if (!isInstalled()) run('npm ci')
run('npm run build')

say('A client says that it cannot write to its topic. These bytes are what the broker had answered it:')
run(`cat ${answer}`)

say('Which byte is what? The topic has error 3:')
run(`${ktool} protocol decode ${layout} --trace < ${answer}`)

say('What is error 3, and would it help to try again?')
run(`${ktool} protocol errors 3`)

say('The same answer as JSON, in the form that Kafka’s own tools use:')
run(`${ktool} protocol decode ${layout} < ${answer}`)

say('And back: encoding the JSON gives the very same bytes.')
run(`${ktool} protocol decode ${layout} < ${answer} | ${ktool} protocol encode ${layout}`)

say('Which versions of this API did an older broker speak?')
run(`${ktool} protocol apis Metadata --release 2.8.2`)

say('Which fields does an API have, and since when?')
run(`${ktool} protocol docs FindCoordinator`)

say('Kafka writes its own state in the same language. A topic, out of the metadata log of a dead cluster:')
run(
  `tail -c +1222 ${metadata} | head -c 27 | ${ktool} protocol decode --record TopicRecord --version 0 --input binary`,
)

say('And an offset that a group had committed, out of __consumer_offsets on the same disk:')
run(
  `tail -c +811 ${offsets} | head -c 27 | ${ktool} protocol decode --record OffsetCommitKey --version 0 --input binary`,
)
run(
  `tail -c +841 ${offsets} | head -c 52 | ${ktool} protocol decode --record OffsetCommitValue --version 4 --input binary`,
)

say('Bytes that end too soon are an error that names the field and the place, and the exit code is 1:')
run(`head -c 150 ${answer} | ${ktool} protocol decode ${layout}`, 1)

console.log(`\nThat is what there is so far. It took ${Math.round((performance.now() - started) / 1000)} s.`)
console.log(`Go on with: ${ktool} --help`)

/** npm leaves a copy of the lockfile that it has installed from. */
function isInstalled() {
  const [installed, wanted] = ['node_modules/.package-lock.json', 'package-lock.json'].map((name) =>
    join(root, name),
  )
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs
}

function say(sentence) {
  console.log(`\n# ${sentence}`)
}

function run(command, expected = 0) {
  console.log(`$ ${command}`)
  const { status, error } = spawnSync(command, {
    cwd: root,
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status === expected) return
  console.error(`\nThe demo stops here: that should have ended with ${expected}, not ${status ?? error}.`)
  process.exit(1)
}

/*
 * `npm run demo`: installs, builds, and shows what ktool does. Needs nothing but git, Node and npm, and
 * stops by itself. Each line after a $ is what the shell is given: paste it, and it does the same for you.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const ktool = 'node bin/ktool.js'
const answer = 'docs/examples/metadata-v13-response.hex'
const layout = '--api Metadata --version 13 --type response --header'
const disk = 'test/golden/disk'
const broker = `${disk}/logdirs/kraft-431`
const dirs = `--log-dir ${broker}/data0 --log-dir ${broker}/data1`
const ours = '.cache/demo/broker'
const program = 'docs/examples/orders.mjs'
const damaged = `${disk}/corrupt/cases/flip-payload/victim-0`

const started = performance.now()

if (!isInstalled()) run('npm ci')
run('npm run build')

say('No Kafka at hand? This is a program that uses one:')
run(`cat ${program}`)

say('A broker for as long as the program runs, which finds it in BOOTSTRAP_SERVERS:')
rmSync(join(root, ours), { recursive: true, force: true })
run(`${ktool} broker --local --data-dir ${ours} -- node ${program}`)

say('The broker is gone, its directory is Kafka’s. What has billing not read yet?')
run(`${ktool} lag billing --log-dir ${ours}`)

say('What lies in a partition, and where in it is the last hour?')
run(`${ktool} dump-segment ${ours}/orders-0 --records`)
run(`${ktool} segments find ${ours}/orders-0 --time @-1h`)

say('The next broker goes on where that one stopped:')
run(
  `${ktool} broker --local --data-dir ${ours} --topic orders:3 --topic payments:2 -- ${ktool} topics list --log-dir ${ours}`,
)

say(
  'And when a broker is dead? These are the two disks of one, as Apache Kafka 4.3.1 left them. What is on them?',
)
run(`${ktool} topics list ${dirs}`)

say('Where did every group stand?')
run(`${ktool} lag --by group ${dirs}`)
run(`${ktool} lag classic-live ${dirs}`)

say('Which transaction blocks the readers?')
run(`${ktool} txns hanging ${dirs}`)

say('What was written around 08:12:54?')
run(`${ktool} consume orders payments --from @2026-11-21T08:12:54Z --to @2026-11-21T08:12:55Z ${dirs}`)

say(
  'One bit of this partition has flipped. What is broken, and what would a restart lose? Exit code 3 says: trouble.',
)
run(`${ktool} segments verify ${damaged}`, 3)

say('The records behind the damage are still there, and a dump goes on to them:')
run(`${ktool} dump-segment ${damaged} --records --from 31 --to 38`, 3)

say('Where is a certain minute in a log? By the indexes, as a broker finds it:')
run(`${ktool} segments find ${disk}/segments/roll-size/roll-size-0 --time @2023-11-14T22:15:00Z`)

say('Two replicas parted after an unclean election. Where, and what would each of them lose?')
run(
  `${ktool} segments diff ${disk}/logdirs/cluster-3/node2/diverge-0 ${disk}/logdirs/cluster-3/node3/diverge-0`,
  3,
)

say('Kafka’s own topics are shown as what they say. Commits of groups:')
run(`${ktool} dump-segment ${broker}/data0/__consumer_offsets-1 --records --from 10 -n 3`)

say(
  'Now the wire. A client says that it cannot write to its topic. These bytes are what the broker had answered it:',
)
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

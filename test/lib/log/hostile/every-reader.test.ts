import { beforeAll, describe, it } from 'vitest'
import { embedding, logs, otherFiles, type Subject } from './corpus.ts'
import { MemoryDisk } from './memory-disk.ts'
import { type Place, readers } from './readers.ts'
import { resealedLog, resealedSnapshot } from './reseal.ts'
import { outcomeLater, patienceMs, sayChoice, tryMutants } from './run.ts'

/** Each mutant is read a dozen times over: of large files there would be no end. */
const PART = 5
const LARGEST_BYTES = 1250
const MANY = 500
const LARGEST_OF_ALL = 550

const subjects = [...logs, embedding, ...otherFiles].filter(({ bytes }) => bytes.length <= LARGEST_BYTES)

beforeAll(sayChoice)

describe.each(Object.entries(readers))('%s', (_, read) => {
  it.each(subjects)('answers or refuses: $name', { timeout: patienceMs }, async (subject) => {
    const at = placeOf(subject)
    const before = filesAt(subject, at)
    const isSmall = subject.bytes.length <= LARGEST_OF_ALL
    const options = { part: PART, whole: isSmall ? ('flips and truncations' as const) : MANY }
    await tryMutants(subject, options, async ({ bytes }) => {
      for (const each of [bytes, resealed(subject, bytes)]) {
        if (each === undefined) continue
        await outcomeLater(async () => read(new MemoryDisk(new Map([...before, [at.file, each]])), at))
      }
    })
  })
})

/** A partition's folder in a broker's directory; files of the directory itself beside a partition. */
function placeOf({ folder, file, isOfDirectory }: Subject): Place {
  const directory = '/broken'
  const path = `${directory}/${isOfDirectory ? 'orders-0' : folder}`
  return {
    directory,
    folder: path,
    file: isOfDirectory ? `${directory}/${file}` : `${path}/${file}`,
    before: path.replace(directory, '/before'),
  }
}

function filesAt(subject: Subject, { directory, folder, before }: Place): Map<string, Buffer> {
  const { beside, isOfDirectory } = subject
  const meta = Buffer.from('version=0\nbroker.id=1\n')
  const files = new Map<string, Buffer>([[`${directory}/meta.properties`, meta]])
  const partition = isOfDirectory ? orders.beside : beside
  for (const [name, bytes] of partition) {
    files.set(`${folder}/${name}`, bytes)
    files.set(`${before}/${name}`, bytes)
  }
  if (isOfDirectory) for (const [name, bytes] of beside) files.set(`${directory}/${name}`, bytes)
  return files
}

const orders = subjects.find(({ folder }) => folder === 'orders-0') as Subject

/** With a checksum that is right for what has become of it; nothing where there is none to be had. */
function resealed({ file }: Subject, bytes: Buffer): Buffer | undefined {
  if (/\.(log|checkpoint)$/.test(file)) return resealedLog(bytes)
  return file.endsWith('.snapshot') ? resealedSnapshot(bytes) : undefined
}

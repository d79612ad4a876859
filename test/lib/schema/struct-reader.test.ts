import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { Reader } from '../../../src/lib/bytes/reader.ts'
import { int16, int32 } from '../../../src/lib/schema/numbers.ts'
import { layOut } from '../../../src/lib/schema/struct-layout.ts'
import { compiledReader, interpretedReader } from '../../../src/lib/schema/struct-reader.ts'
import { string } from '../../../src/lib/schema/text-and-bytes.ts'

const layout = layOut(
  { a: int32, b: string.since(1), c: int16 },
  { version: 0, flexible: true, nullable: false, tagged: false },
)
const bytes = Buffer.from('000000010002' + '01' + '0501ff', 'hex')

test('the compiled reader and the loop read the same values in the same shape', () => {
  const outcomes = [compiledReader, interpretedReader].map((make) => {
    const tagged: number[] = []
    const value = make(layout, (reader) => tagged.push(reader.position))(new Reader(bytes))
    return { value, keys: Object.keys(value), tagged }
  })
  expect(outcomes[0]).toStrictEqual({ value: { a: 1, b: '', c: 2 }, keys: ['a', 'b', 'c'], tagged: [6] })
  expect(outcomes[1]).toStrictEqual(outcomes[0])
})

test('where the runtime forbids code from strings, messages decode all the same', async () => {
  const source = `
    import { apiVersions } from './src/lib/protocol/apis/api-versions.ts'
    const { request } = apiVersions
    const value = { clientSoftwareName: 'ktool', clientSoftwareVersion: '1' }
    console.log(JSON.stringify(request.decode(request.encode(value, 3), 3)))`
  const resolveDir = fileURLToPath(new URL('../../..', import.meta.url))
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  })
  const code = outputFiles[0]?.text ?? ''
  const { stdout, stderr } = spawnSync(process.execPath, ['--disallow-code-generation-from-strings', '-'], {
    input: code,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toStrictEqual({ clientSoftwareName: 'ktool', clientSoftwareVersion: '1' })
})

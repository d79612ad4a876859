import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, environment, ktool } from '../ktool.ts'

const root = dirname(dirname(bin))
const line = `${JSON.stringify({ api: 'Metadata', version: 4, type: 'request', hex: 'ffffffff01' })}\n`

describe('the front door', () => {
  it('answers --version by itself, in one line', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const { status, stdout } = await ktool(['--version'])

    expect(status).toBe(0)
    expect(stdout.toString()).toBe(
      `ktool/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
    )
  })

  it('answers completion by itself with what the command would print', async () => {
    const quick = await ktool(['completion', 'bash'])
    const slow = await ktool(['completion', 'bash', '-v'])

    expect(quick.status).toBe(0)
    expect(quick.stdout.toString()).toContain('complete -o default -F _ktool ktool')
    expect(slow).toEqual(quick)
  })

  it('leaves a shell that it does not know to the command', async () => {
    const { status, stderr } = await ktool(['completion', 'nush'])
    expect(status).toBe(2)
    expect(stderr).toContain('bash, zsh, fish, powershell')
  })

  it('finds the program of the broker behind flags too', async () => {
    for (const words of [
      ['broker', 'logs', '--nope'],
      ['-v', 'broker:logs', '--nope'],
      ['-o', 'json', 'broker', 'logs', '--nope'],
    ]) {
      const { status, stderr } = await ktool(words)
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('--nope') })
    }
  })

  it.each([
    [['broker', 'clock', 'skip'], 'ktool broker clock skip needs BY'],
    [['dump-segment'], 'ktool dump-segment needs PATH'],
  ])('says what is missing behind %j', async (words, message) => {
    const { status, stderr } = await ktool(words)
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) })
  })

  describe('without a build', () => {
    let folder: string

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'ktool-unbuilt-'))
      cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true })
      cpSync(join(root, 'package.json'), join(folder, 'package.json'))
    })

    afterAll(() => rmSync(folder, { recursive: true }))

    it('says how to make one', async () => {
      const { status, stderr } = await run(join(folder, 'bin/ktool.js'), ['lag'])
      expect(status).toBe(1)
      expect(stderr).toMatch(/^Error: ktool is not built: .*\n {2}run `npm run build` first\n$/)
    })

    it('still knows its version', async () => {
      expect(await run(join(folder, 'bin/ktool.js'), ['--version'])).toMatchObject({ status: 0, stderr: '' })
    })
  })
})

describe('a Node that is too old', () => {
  it.each([
    ['20.18.3', 1],
    ['8.17.0', 1],
    ['20.19.0', 0],
    ['22.0.0', 0],
  ])('is told so: %s', async (version, code) => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
    const child = spawn(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, bin, '--version'],
      { env: environment },
    )
    const { status, stderr } = await ending(child)
    const sentence = `Error: ktool needs Node 20.19 or newer; this is ${version}\n`
    expect({ status, stderr }).toEqual({ status: code, stderr: code === 0 ? '' : sentence })
  })
})

describe('a closed pipe', () => {
  it('ends a long list with 0 and without a word', async () => {
    const child = spawn(process.execPath, [bin, 'protocol', 'errors', '-o', 'json'], { env: environment })
    child.stdout.destroy()
    expect(await ending(child)).toEqual({ status: 0, signal: null, stderr: '' })
  })

  it.skipIf(process.platform === 'win32')(
    'ends what the front door itself says, however long it is',
    async () => {
      const line = `'${process.execPath}' '${bin}' completion zsh | head -c 1`
      const child = spawn('sh', ['-c', line], { env: environment })
      expect(await ending(child)).toEqual({ status: 0, signal: null, stderr: '' })
    },
  )

  it('ends a stream that would go on for ever', async () => {
    const child = spawn(process.execPath, [bin, 'protocol', 'decode', '--lines'], { env: environment })
    child.stdin.on('error', () => {})
    const feed = () => {
      while (child.stdin.writable && child.stdin.write(line.repeat(100)));
    }
    child.stdin.on('drain', feed)
    feed()
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(await ending(child)).toEqual({ status: 0, signal: null, stderr: '' })
  })
})

describe('an output that cannot be written', () => {
  it.each([['protocol', 'errors'], ['--version'], ['--help']])('fails for ktool %s %s', async (...args) => {
    // Opened for reading only: writing fails as it does on a full disk, on every system.
    const readOnly = openSync(bin, 'r')
    const child = spawn(process.execPath, [bin, ...args], {
      env: environment,
      stdio: ['ignore', readOnly, 'pipe'],
    })
    closeSync(readOnly)

    const { status, stderr } = await ending(child)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^Error: the output cannot be written: .*EBADF/)
  })
})

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a waiting command with %i', async (signal, code) => {
    const child = spawn(process.execPath, [bin, 'protocol', 'decode', '--lines'], { env: environment })
    child.stdin.write(line)
    // Its first answer shows that it is up and waits for more.
    await once(child.stdout, 'data')
    child.kill(signal)
    expect(await ending(child)).toEqual({ status: code, signal: null, stderr: '' })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s counts although stdin ends at the same moment', async (signal, code) => {
    const child = spawn(process.execPath, [bin, 'protocol', 'decode', '--lines'], { env: environment })
    child.stdin.write(line)
    await once(child.stdout, 'data')
    child.kill(signal)
    child.stdin.end()
    expect(await ending(child)).toEqual({ status: code, signal: null, stderr: '' })
  })
})

describe('a wrong command line', () => {
  it.each([
    [['protocl', 'errors'], 'unknown-command'],
    [['protocol', 'errors', '--zebra'], 'unknown-flag'],
  ])('exits with 2, in words or as JSON: %j', async (args, code) => {
    const inWords = await ktool(args)
    const asJson = await ktool([...args, '-o', 'json'])

    expect(inWords).toMatchObject({ status: 2, stdout: Buffer.of() })
    expect(inWords.stderr).toMatch(/^Error: /)
    expect(JSON.parse(asJson.stderr)).toMatchObject({ error: { code } })
  })
})

function run(file: string, args: string[]) {
  return ending(spawn(process.execPath, [file, ...args], { env: environment }))
}

async function ending(child: ReturnType<typeof spawn>) {
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { status, signal, stderr }
}

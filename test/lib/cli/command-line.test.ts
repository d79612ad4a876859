import { describe, expect, it } from 'vitest'
import { formatIn, type Request, readCommandLine } from '../../../src/lib/cli/command-line.ts'

const index = new Map([
  ['lag', 'lag'],
  ['topics:list', 'topics:list'],
  ['topic:list', 'topics:list'],
  ['topics:ls', 'topics:list'],
  ['topics:config:get', 'topics:config:get'],
  ['broker', 'broker'],
  ['broker:stop', 'broker:stop'],
  ['broker:fault:add', 'broker:fault:add'],
])
const valueFlags = new Set(['-o', '--output', '-b'])

describe('the command line', () => {
  it.each<[string, Request]>([
    ['lag', { kind: 'command', id: 'lag', argv: [] }],
    ['topics list', { kind: 'command', id: 'topics:list', argv: [] }],
    ['topic list', { kind: 'command', id: 'topics:list', argv: [] }],
    ['topics ls -v', { kind: 'command', id: 'topics:list', argv: ['-v'] }],
    ['topics:list', { kind: 'command', id: 'topics:list', argv: [] }],
    [
      'topics list orders:0 -o json x',
      { kind: 'command', id: 'topics:list', argv: ['orders:0', '-o', 'json', 'x'] },
    ],
    ['topics config get orders', { kind: 'command', id: 'topics:config:get', argv: ['orders'] }],
    ['-o json topics list orders', { kind: 'command', id: 'topics:list', argv: ['orders', '-o', 'json'] }],
    [
      '-v --output=json -b a:1 lag g',
      { kind: 'command', id: 'lag', argv: ['g', '-v', '--output=json', '-b', 'a:1'] },
    ],
    ['lag -- --help', { kind: 'command', id: 'lag', argv: ['--', '--help'] }],
    ['lag help', { kind: 'command', id: 'lag', argv: ['help'] }],
    ['', { kind: 'help', subject: undefined }],
    ['--help', { kind: 'help', subject: undefined }],
    ['-h', { kind: 'help', subject: undefined }],
    ['help', { kind: 'help', subject: undefined }],
    ['help lag', { kind: 'help', subject: 'lag' }],
    ['lag g --help', { kind: 'help', subject: 'lag' }],
    ['--help lag', { kind: 'help', subject: 'lag' }],
    ['topics', { kind: 'help', subject: 'topics' }],
    ['topic', { kind: 'help', subject: 'topics' }],
    ['topic --help', { kind: 'help', subject: 'topics' }],
    ['help topic list', { kind: 'help', subject: 'topics:list' }],
    ['topics lsit', { kind: 'unknown', words: ['topics', 'lsit'] }],
    ['topics lsit --help', { kind: 'unknown', words: ['topics', 'lsit'] }],
    ['broker --local', { kind: 'command', id: 'broker', argv: ['--local'] }],
    ['broker fault', { kind: 'help', subject: 'broker:fault' }],
    ['broker fault --help', { kind: 'help', subject: 'broker:fault' }],
    ['help broker fault', { kind: 'help', subject: 'broker:fault' }],
    ['topics config', { kind: 'help', subject: 'topics:config' }],
    ['broker fault --nope', { kind: 'unknown-flag', of: 'broker fault', flag: '--nope' }],
    ['broker fault adn 1', { kind: 'unknown', words: ['broker', 'fault', 'adn', '1'] }],
    ['broker fault adn --help', { kind: 'unknown', words: ['broker', 'fault', 'adn'] }],
    ['broker stpo', { kind: 'unknown', words: ['broker', 'stpo'] }],
    ['help nothing', { kind: 'unknown', words: ['nothing'] }],
    ['nothing', { kind: 'unknown', words: ['nothing'] }],
    ['constructor', { kind: 'unknown', words: ['constructor'] }],
    ['topics -o json list orders', { kind: 'command', id: 'topics:list', argv: ['orders', '-o', 'json'] }],
    ['topics config -v get', { kind: 'command', id: 'topics:config:get', argv: ['-v'] }],
    ['topics --nope list', { kind: 'command', id: 'topics:list', argv: ['--nope'] }],
    ['lag -o json list', { kind: 'command', id: 'lag', argv: ['-o', 'json', 'list'] }],
    ['topics -o json lsit', { kind: 'unknown', words: ['topics', 'lsit'] }],
    ['topics --help list', { kind: 'help', subject: 'topics:list' }],
    ['topics --nope', { kind: 'unknown-flag', of: 'topics', flag: '--nope' }],
    ['topic --nope=x', { kind: 'unknown-flag', of: 'topics', flag: '--nope' }],
    ['--nope help', { kind: 'unknown-flag', of: 'help', flag: '--nope' }],
    ['help topics --nope', { kind: 'unknown-flag', of: 'help', flag: '--nope' }],
    ['nothing --nope', { kind: 'unknown', words: ['nothing'] }],
    ['help --help', { kind: 'help', subject: undefined }],
    ['-v', { kind: 'unknown', words: [] }],
    ['-o', { kind: 'unknown', words: [] }],
    ['-- lag', { kind: 'unknown', words: [] }],
  ])('"%s"', (line, request) => {
    expect(readCommandLine(line === '' ? [] : line.split(' '), index, valueFlags)).toEqual(request)
  })
})

describe('the format that a command line asks for', () => {
  it.each([
    ['lag -o json', 'json'],
    ['lag -ojson', 'json'],
    ['lag -o=json', 'json'],
    ['lag --output json --wrong', 'json'],
    ['lag --output=json', 'json'],
    ['lag -o yaml -o json', 'json'],
    ['lag -o', undefined],
    ['lag -- -o json', undefined],
    ['lag', undefined],
  ])('in "%s"', (line, format) => {
    expect(formatIn(line.split(' '))).toBe(format)
  })
})

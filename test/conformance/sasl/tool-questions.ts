import type { ToolName } from '../kafka/tools.ts'

export type ToolQuestion = readonly [ToolName, ...string[]]

const eve = ['--allow-principal', 'User:eve'] as const
const certified = ['--allow-principal', 'User:CN=eve,O=Tests'] as const
const users = ['configs', '--entity-type', 'users', '--entity-name', 'eve'] as const

/** What people type about rights and users, and what they mistype; each meets what the ones before it left. */
export const toolQuestions: readonly ToolQuestion[] = [
  ['acls', '--add', ...eve, '--producer', '--topic', 'eves'],
  ['acls', '--add', ...eve, '--consumer', '--topic', 'eves', '--group', 'eves'],
  ['acls', '--add', ...certified, '--producer', '--idempotent', '--transactional-id', 't', '--topic', 'eves'],
  [
    ...([
      'acls',
      '--add',
      ...eve,
      '--allow-host',
      '10.0.0.1',
      '--operation',
      'Read',
      '--topic',
      'ev',
    ] as const),
    ...['--resource-pattern-type', 'prefixed'],
  ],
  [
    'acls',
    '--add',
    '--deny-principal',
    'User:eve',
    '--deny-host',
    '10.0.0.2',
    '--operation',
    'All',
    '--cluster',
  ],
  ['acls', '--add', ...eve, '--operation', 'Describe', '--delegation-token', 'x'],
  ['acls', '--add', ...eve, '--operation', 'DescribeTokens', '--user-principal', 'User:bob'],
  ['acls', '--add', ...eve, '--operation', 'Fly', '--topic', 'eves'],
  ['acls', '--add', ...eve, '--operation', 'Create', '--group', 'eves'],
  ['acls', '--add', '--allow-principal', 'eve', '--topic', 'eves'],
  ['acls', '--add', '--topic', 'eves'],
  ['acls', '--list', '--principal', 'User:eve'],
  ['acls', '--list', '--topic', 'eves', '--resource-pattern-type', 'match'],
  ['acls', '--remove', '--force', ...eve, '--producer', '--topic', 'eves'],
  ['acls', '--remove', '--force', '--topic', 'eves'],
  ['acls', '--list', '--topic', 'eves', '--resource-pattern-type', 'any'],
  [...users, '--alter', '--add-config', 'SCRAM-SHA-512=[iterations=8192,password=a]'],
  [...users, '--alter', '--add-config', 'SCRAM-SHA-512=[iterations=1,password=a]'],
  [...users, '--alter', '--add-config', 'SCRAM-SHA-1=[password=a]'],
  [...users, '--describe'],
  [...users, '--alter', '--delete-config', 'SCRAM-SHA-256'],
  [...users, '--alter', '--delete-config', 'SCRAM-SHA-512'],
  [...users, '--describe'],
]

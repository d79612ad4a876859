import { expect, it } from 'vitest'
import { aliasesOf } from '../../../src/lib/cli/aliases.ts'

it.each([
  ['topics:list', ['topics:ls', 'topic:list', 'topic:ls']],
  ['groups:delete', ['groups:rm', 'group:delete', 'group:rm']],
  ['acls:add', ['acl:add']],
  ['topics:config:get', ['topic:config:get']],
  ['protocol:errors', []],
  ['status:list', ['status:ls']],
  ['lag', []],
])('%s can also be typed as %j', (id, aliases) => {
  expect(aliasesOf(id)).toEqual(aliases)
})

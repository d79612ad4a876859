import { describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { goldenAnswers, goldenDirectory } from '../lib/log/cluster/golden-directories.ts'

type Row = Record<string, unknown>

const { acls, quotas, scram } = goldenAnswers('kraft-431')

describe('what a metadata log knows of principals', () => {
  it('is the ACLs that the broker told of', async () => {
    const { items } = await list('acls', 'kraft-431/data0')
    const inWords = items.map(
      (acl) =>
        `(pattern=ResourcePattern(resourceType=${acl.resourceType}, name=${acl.resourceName}, patternType=${acl.patternType}), entry=(principal=${acl.principal}, host=${acl.host}, operation=${acl.operation}, permissionType=${acl.permission}))`,
    )
    expect(inWords.sort()).toEqual([...acls].sort())
  })

  it('is the users that the broker told of, and nothing of their secrets', async () => {
    const { items } = await list('users', 'kraft-431/data0')
    const inWords = items.map(
      ({ mechanism, iterations }) =>
        `ScramCredentialInfo{mechanism=${String(mechanism).replaceAll('-', '_')}, iterations=${iterations}}`,
    )
    expect(inWords).toEqual(scram.alice)
    expect(Object.keys(items[0] ?? {})).toEqual(['user', 'mechanism', 'iterations'])
  })

  it('is the quotas that the broker told of', async () => {
    const { items } = await list('quotas', 'kraft-431/data0')
    const found: Record<string, Record<string, unknown>> = {}
    for (const { entity, quota, value } of items) {
      const names = Object.entries(entity as Record<string, string | null>).map(
        ([type, name]) => `${type}=${name}`,
      )
      const key = `{${names.sort().join(', ')}}`
      found[key] = { ...found[key], [String(quota)]: value }
    }
    expect(found).toEqual(quotas)
  })

  it('is nothing in a cluster where nothing was set', async () => {
    expect(await list('acls', 'cluster-3/node1')).toEqual({ status: 0, items: [], stderr: '' })
  })

  it.each([
    ['acls', 'ACLs', 'zk-231/data', /ZooKeeper/],
    ['users', 'users', 'zk-231/data', /ZooKeeper/],
    ['quotas', 'quotas', 'kraft-431/data1', /none of these directories has the metadata log/],
  ])('is not on this disk: %s', async (noun, name, directory, reason) => {
    const { status, stderr, stdout } = await ktool([noun, 'list', '--log-dir', goldenDirectory(directory)])
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(`this disk has no ${name}: `)
    expect(stderr).toMatch(reason)
  })
})

async function list(noun: string, directory: string) {
  const run = await ktool([noun, 'list', '--log-dir', goldenDirectory(directory), '-o', 'json'])
  const { items } = JSON.parse(run.stdout.toString()) as { items: Row[] }
  return { status: run.status, items, stderr: run.stderr }
}

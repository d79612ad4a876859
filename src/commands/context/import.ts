import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { contextShape } from '../../lib/cli/context-shape.ts'
import { boolean, outputFlags, string } from '../../lib/cli/flags.ts'
import { contextRow } from '../../lib/config/context-row.ts'
import {
  contextNamed,
  contextsFile,
  keepContext,
  readContexts,
  replaceContext,
} from '../../lib/config/contexts.ts'
import { readForeignContexts } from '../../lib/config/import/read-foreign-contexts.ts'
import { FailedError, UsageError } from '../../lib/errors.ts'
import { list, type Result } from '../../lib/output/result.ts'

export class ContextImport extends BaseCommand {
  static override summary = 'Take over the clusters that another tool knows.'

  static override description = [
    'FILE is the configuration of kaf (~/.kaf/config), kafkactl (~/.config/kafkactl/config.yml) or rpk (rpk.yaml), or a',
    'properties file with bootstrap.servers, which is read anew at each use. A context that is there already is left',
    'as it is, unless --replace is said. Passwords that stand in the file come along, into a file that is yours alone.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> context import ~/.kaf/config',
    {
      description: 'By another name',
      command: '<%= config.bin %> context import client.properties --name prod',
    },
  ]

  static override args = {
    file: argument({ description: 'the configuration of another tool', required: true }),
  }

  static override flags = {
    name: string({ summary: 'What to call it, where there is one cluster.', helpValue: 'NAME' }),
    replace: boolean({ summary: 'Also where there is a context of that name.' }),
    ...outputFlags(contextShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ContextImport)
    const { disk } = this.surroundings
    const path = contextsFile(this.surroundings)
    const { tool, contexts, current } = readForeignContexts(disk, args.file)
    if (flags.name !== undefined && contexts.length > 1) throw severalClusters(contexts.length)
    const named = contexts.map((each) => ({ ...each, name: flags.name ?? each.name }))
    const before = readContexts(disk, path).contexts
    const isFree = (name: string) => flags.replace || !Object.hasOwn(before, name)
    const taken = named.filter(({ name }) => isFree(name))
    for (const { name, context } of taken) {
      if (Object.hasOwn(before, name)) await replaceContext(disk, path, name, () => context)
      else await keepContext(disk, path, name, context)
    }
    const known = readContexts(disk, path)
    const rows = taken.map(({ name }) => contextRow(known, name, contextNamed(known, name)))
    const failures = named
      .filter(({ name }) => !isFree(name))
      .map(({ name }) => ({ item: name, error: isThere(name) }))
    const hint =
      current === null || flags.name !== undefined
        ? []
        : [`${tool} means ${current}: ktool context use ${current}`]
    return list(contextShape, rows, { failures, notes: [`kept in ${path}`, ...hint] })
  }
}

function isThere(name: string): FailedError {
  return new FailedError('context-exists', `there is a context "${name}" already`, {
    hint: 'say --replace to put this one in its place, or --name for another name',
  })
}

function severalClusters(count: number): UsageError {
  return new UsageError('several-clusters', `--name is for one cluster, and the file has ${count}`)
}

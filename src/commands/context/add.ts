import { resolve } from 'node:path'
import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { contextShape } from '../../lib/cli/context-shape.ts'
import { boolean, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import { parseBootstrap } from '../../lib/config/bootstrap.ts'
import { contextRow } from '../../lib/config/context-row.ts'
import {
  type Context,
  contextNamed,
  contextsFile,
  keepContext,
  makeCurrent,
  readContexts,
} from '../../lib/config/contexts.ts'
import { isSecretPlace, secretTyped } from '../../lib/config/secrets.ts'
import { secretProperties } from '../../lib/config/security/property-names.ts'
import { typedSettings } from '../../lib/config/settings.ts'
import { UsageError } from '../../lib/errors.ts'
import { item, type Result } from '../../lib/output/result.ts'

const { bootstrap, 'command-config': commandConfig, set } = clusterFlags

export class ContextAdd extends BaseCommand {
  static override summary = 'Give a cluster a name, or change what its name means.'

  static override description = [
    'What is said is added to what the context has already; nothing is asked of the cluster. The first context becomes',
    'the current one. Secrets are not typed: a property says where they are, as @FILE or env:NAME, and is looked up at',
    'each use. The file with the contexts is yours alone (mode 0600).',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> context add staging -b kafka1:9092,kafka2:9092',
    {
      description: 'With the properties that the Java clients use',
      command:
        '<%= config.bin %> context add prod -b kafka1:9093 --command-config client.properties --protect',
    },
    {
      description: 'TLS and SCRAM, with the password in a variable',
      command:
        '<%= config.bin %> context add prod -b kafka1:9093 -X security.protocol=SASL_SSL -X sasl.mechanism=SCRAM-SHA-512 -X sasl.username=ops -X sasl.password=env:KAFKA_PASSWORD',
    },
    {
      description: 'The cluster behind it was built anew: believe the next one that answers',
      command: '<%= config.bin %> context add staging --pin none',
    },
  ]

  static override args = { context: argument({ description: 'its name', required: true }) }

  static override flags = {
    bootstrap,
    'command-config': commandConfig,
    set,
    pin: string({
      summary: 'The id of the cluster that must answer; none for whichever answers next.',
      helpValue: 'CLUSTER|none',
    }),
    protect: boolean({ summary: 'Let every change ask for the name of the context.' }),
    use: boolean({ summary: 'Make it the current one.' }),
    ...outputFlags(contextShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ContextAdd)
    const { disk } = this.surroundings
    const path = contextsFile(this.surroundings)
    const before = readContexts(disk, path).contexts[args.context]
    const said = contextSaid(flags, before)
    if (said.bootstrap === undefined && before?.bootstrap === undefined) throw noBootstrap()
    await keepContext(disk, path, args.context, said)
    if (flags.use) await makeCurrent(disk, path, args.context)
    const known = readContexts(disk, path)
    return item(contextShape, contextRow(known, args.context, contextNamed(known, args.context)), {
      notes: [`kept in ${path}`],
    })
  }
}

interface Said {
  readonly bootstrap?: string | undefined
  readonly 'command-config'?: string | undefined
  readonly set?: readonly string[] | undefined
  readonly pin?: string | undefined
  readonly protect: boolean
}

function contextSaid(said: Said, before: Context | undefined): Context {
  const { bootstrap, set, pin, protect } = said
  // An address that nobody could connect to is found here, and not at the first use.
  if (bootstrap !== undefined) parseBootstrap(bootstrap)
  const typed = typedSettings(set ?? []).values
  for (const [key, value] of typed)
    if (secretProperties.has(key) && !isSecretPlace(value)) throw secretTyped(key)
  const properties = { ...before?.properties, ...Object.fromEntries(typed) }
  const file = said['command-config']
  return {
    ...(bootstrap !== undefined && { bootstrap }),
    // Read from wherever ktool is started later.
    ...(file !== undefined && { commandConfig: resolve(file) }),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(pin !== undefined && { clusterId: pin === 'none' ? undefined : pin }),
    ...(protect && { protected: true }),
  }
}

function noBootstrap(): UsageError {
  return new UsageError('no-bootstrap', 'a new context needs a broker to begin with: -b HOST:PORT')
}

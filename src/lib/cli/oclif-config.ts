import type { Command } from '@oclif/core/command'
import { Config } from '@oclif/core/config'
import type { PJSON, Plugin } from '@oclif/core/interfaces'

/** What the package says of itself. */
export interface About {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly oclif: { readonly bin: string; readonly topics: Record<string, { readonly description: string }> }
}

/**
 * oclif looks for its package, its commands and its manifest in files. All of them are in the bundle,
 * so it is given a plugin that has them already, and reads nothing.
 */
export async function loadConfig(about: About, commands: readonly Command.Loadable[]): Promise<Config> {
  const plugin = rootPlugin(about, commands)
  const config = new Config({ root: plugin.root, plugins: new Map([[plugin.name, plugin]]) })
  await config.load()
  return config
}

function rootPlugin(about: About, commands: readonly Command.Loadable[]): Plugin {
  const { name, version } = about
  const topics = Object.entries(about.oclif.topics).map(([topic, facts]) => ({ name: topic, ...facts }))
  // A topic separator of one blank makes `protocol errors` of `protocol:errors`.
  const pjson: PJSON = { ...about, oclif: { ...about.oclif, topicSeparator: ' ' } }
  return {
    _base: name,
    name,
    alias: name,
    version,
    root: '.',
    type: 'core',
    moduleType: 'module',
    isRoot: true,
    valid: true,
    hasManifest: true,
    commandsDir: undefined,
    options: { root: '.' },
    pjson,
    topics,
    hooks: {},
    commands: [...commands],
    commandIDs: commands.map(({ id }) => id),
    findCommand: () => undefined as never,
    load: async () => {},
  }
}

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

/** For running a command. Loading a configuration takes longer than most commands do, and tells them nothing. */
export function bareConfig(about: About): Config {
  const config = new HooklessConfig({ root: '.' })
  config.name = about.name
  config.bin = about.oclif.bin
  config.version = about.version
  config.topicSeparator = ' '
  return config
}

class HooklessConfig extends Config {
  /** There are no plugins, and so no hooks; oclif would ask a plugin that is only there once it is loaded. */
  override async runHook() {
    return { successes: [], failures: [] }
  }
}

/**
 * For help, which wants to know all commands. oclif looks for its package, its commands and its manifest in
 * files; here they are in the bundle, so it is given a plugin that has them already, and reads nothing.
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

import type { CommandJson } from '../../src/lib/cli/help-json.ts'

/** The page of a noun: what `--help` says of all its commands, to be read in one go, searched and linked to. */
export function commandPage(noun: string, commands: readonly CommandJson[]): string {
  const parts = commands.map((command) => sectionOf(command))
  const links = commands.map(({ name, summary }) => `- [\`ktool ${name}\`](#${anchorOf(name)}): ${summary}`)
  const head = commands.length > 1 ? `${links.join('\n')}\n\n` : ''
  return `# ${noun}\n\n${head}${parts.join('\n')}`
}

/** Groups of flags that many commands have: each is told once. */
const sharedGroups = ['place', 'cluster', 'change', 'watch', 'output', 'talk']

/** Where all begins: the nouns, and the flags that they share. */
export function overviewPage(nouns: ReadonlyMap<string, readonly CommandJson[]>): string {
  const links = [...nouns].map(([noun, commands]) => {
    const verbs = commands.map(({ name }) => name.slice(noun.length + 1)).filter((verb) => verb !== '')
    return `- [${noun}](${noun}.md)${verbs.length === 0 ? '' : `: ${verbs.join(', ')}`}`
  })
  const flags = new Map<string, CommandJson['flags'][number]>()
  for (const flag of [...nouns.values()].flat().flatMap((command) => command.flags)) {
    if (isShared(flag) && !flags.has(`${flag.group} ${flag.name}`))
      flags.set(`${flag.group} ${flag.name}`, flag)
  }
  const groups = sharedGroups.map((group) => {
    const own = [...flags.values()].filter((flag) => flag.group === group)
    return `### ${titles[group]}\n\n${own.map(flagLine).join('\n')}`
  })
  const head =
    '# Commands\n\nEach page says what `--help` says of the commands of a noun; `--help-json` says it to programs.'
  return `${head}\n\n${links.join('\n')}\n\n## Flags that commands share\n\n${groups.join('\n\n')}\n`
}

const titles: Readonly<Record<string, string>> = {
  place: 'Where to read: a live cluster, or log directories',
  cluster: 'Which cluster, and how it is reached',
  change: 'For commands that change something',
  watch: 'To look for a while',
  output: 'How to print',
  talk: 'How much to say',
}

function isShared({ group }: CommandJson['flags'][number]): boolean {
  return group !== null && sharedGroups.includes(group)
}

/** Nouns in their order, with the commands of each; a command of one word is its own. */
export function byNoun(commands: readonly CommandJson[]): Map<string, CommandJson[]> {
  const nouns = new Map<string, CommandJson[]>()
  // Wherever a disk lists its files in another order, the pages are the same.
  const sorted = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const command of sorted) {
    const noun = command.name.split(' ')[0] ?? command.name
    nouns.set(noun, [...(nouns.get(noun) ?? []), command])
  }
  return nouns
}

function sectionOf({
  name,
  summary,
  description,
  arguments: args,
  flags,
  examples,
  aliases,
}: CommandJson): string {
  const words = args.map(({ name: word, required, multiple }) => {
    const many = multiple ? '…' : ''
    return required ? `${word.toUpperCase()}${many}` : `[${word.toUpperCase()}${many}]`
  })
  const parts = [
    `## ktool ${name}`,
    summary,
    `    ktool ${[name, ...words, '[FLAGS]'].join(' ')}`,
    ...(description === null ? [] : [description.replaceAll(/ *\n\n */g, '\n\n')]),
    ...(args.length === 0 ? [] : [args.map(argumentLine).join('\n')]),
    ownFlags(flags),
    ...examples.map(
      (each) => `${each.description === null ? '' : `${each.description}:\n\n`}    ${each.command}`,
    ),
    ...(aliases.length === 0 ? [] : [`Also: ${aliases.map((alias) => `\`ktool ${alias}\``).join(', ')}.`]),
  ]
  return `${parts.join('\n\n')}\n`
}

function ownFlags(flags: CommandJson['flags']): string {
  const own = flags.filter((flag) => !isShared(flag)).map(flagLine)
  const groups = sharedGroups.filter((group) => flags.some((flag) => flag.group === group))
  const rest = `And the [flags that commands share](README.md#flags-that-commands-share): ${groups.join(', ')}.`
  return own.length === 0 ? rest : `${own.join('\n')}\n\n${rest}`
}

function argumentLine({ name, description, options }: CommandJson['arguments'][number]): string {
  const among = options === null ? '' : ` (${options.join(', ')})`
  return `- \`${name.toUpperCase()}\`: ${description ?? ''}${among}`
}

function flagLine({
  name,
  char,
  value,
  summary,
  default: usual,
  multiple,
}: CommandJson['flags'][number]): string {
  const names = [...(char === null ? [] : [`-${char}`]), `--${name}`].join(', ')
  const typed = value === null ? names : `${names} ${value}`
  const unsaid = usual === null || usual === false ? '' : ` Without it: \`${usual}\`.`
  return `- \`${typed}\`${multiple ? ' (several)' : ''}: ${summary ?? ''}${unsaid}`
}

function anchorOf(name: string): string {
  return `ktool-${name.replaceAll(' ', '-')}`
}

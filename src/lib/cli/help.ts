import { stripVTControlCharacters } from 'node:util'
import type { Command } from '@oclif/core/command'
import type { Config } from '@oclif/core/config'
import { CommandHelp, Help } from '@oclif/core/help'
import type { Topic } from '@oclif/core/interfaces'
import type { Outlet } from '../output/outlet.ts'

const WIDEST = 100
/** Narrower, oclif would fold within its own templates. */
const NARROWEST = 60

const firstSteps = [
  ['Your cluster, by a name: from then on commands need no address', 'context add prod -b kafka1:9092 --use'],
  ['How far behind is every group, and a screen that shows a cluster as it works', 'lag', 'top'],
  ['A Kafka of your own, on this machine, until you press Ctrl-C', 'broker --local --topic orders:3'],
  ['How far behind was every group, on the disk of a dead broker?', 'lag --log-dir /var/lib/kafka/data'],
  ['What is broken there, and what would a restart lose?', 'segments verify /var/lib/kafka/data'],
  ['What does error 3 mean, and should a client try again?', 'protocol errors 3'],
  ['Complete commands and flags with the tab key', 'completion bash'],
] as const

/** Writes the help on a command or a topic, or on the whole, to where it was asked for. */
export async function writeHelp(config: Config, subject: string | undefined, stdout: Outlet): Promise<void> {
  const width = stdout.isTerminal ? Math.min(Math.max(stdout.width, NARROWEST), WIDEST) : WIDEST
  const page = new HelpPage(config, { maxWidth: width, hideAliasesFromRoot: true, flagSortOrder: 'none' })
  await page.showHelp(subject === undefined ? [] : [subject])
  const text = `${page.text().trim()}\n`
  await stdout.write(stdout.hasColour ? text : stripVTControlCharacters(text))
}

class HelpPage extends Help {
  protected override CommandHelpClass = CommandPage
  readonly #lines: string[] = []

  text(): string {
    return this.#lines.join('\n')
  }

  override formatRoot(): string {
    const { bin, version, pjson } = this.config
    const steps = firstSteps.map(
      ([question, ...lines]) => `${question}\n\n${lines.map((words) => `  $ ${bin} ${words}`).join('\n')}`,
    )
    return [
      `${bin} ${version}: ${pjson.description}`,
      this.section('USAGE', `$ ${bin} NOUN VERB [NAME…] [FLAGS]`),
      this.section('FIRST STEPS', steps.join('\n\n')),
    ].join('\n\n')
  }

  /** The summary is the page's title already; oclif would begin the description with it again. */
  protected override formatCommand(command: Command.Loadable): string {
    return super.formatCommand({ ...command, summary: undefined })
  }

  /** All of its commands in one list, with those of two words behind the topic, which are a topic of their own to oclif. */
  protected override async showTopicHelp(topic: Topic): Promise<void> {
    const commands = this.sortedCommands.filter(({ id }) => id.startsWith(`${topic.name}:`))
    this.log(this.formatTopic(topic), this.formatCommands(commands), '')
  }

  protected override async showRootHelp(): Promise<void> {
    await super.showRootHelp()
    this.log(`${this.config.bin} help TOPIC says more, and so does any command with --help.`)
  }

  /** oclif would write to the process itself. */
  protected override log(...lines: string[]): void {
    this.#lines.push(...lines)
  }
}

class CommandPage extends CommandHelp {
  /** oclif trims the list as a whole, and so moves the first flag of a section out of line. */
  override renderList(...[input, options]: Parameters<CommandHelp['renderList']>): string {
    const text = super.renderList(input, options)
    const first = stripVTControlCharacters(input[0]?.[0] ?? '')
    const isOneLine = !text.startsWith(`${first.trim()}\n`)
    return (isOneLine ? first.slice(0, first.length - first.trimStart().length) : '') + text
  }

  /** Of flags that exclude each other oclif leaves empty places, where it has told of one already. */
  protected override defaultUsage(): string {
    const usage = super.defaultUsage().replace(/(?:\| +)+(?=\|)/g, '')
    return usage.replace(/ \| *(?=[\])])/g, '')
  }

  /** Commands stay on one line, to be copied; each is typed into a shell, whatever word it begins with. */
  protected override examples(examples: Command.Example[] | string | undefined): string | undefined {
    const list = typeof examples === 'string' ? [examples] : (examples ?? [])
    if (list.length === 0) return undefined
    return list
      .map((example) => {
        if (typeof example === 'string') return `$ ${this.render(example)}`
        return `${this.wrap(example.description)}\n\n  $ ${this.render(example.command)}`
      })
      .join('\n\n')
  }
}

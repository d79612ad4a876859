import { argument } from '../lib/cli/arguments.ts'
import { BaseCommand } from '../lib/cli/base-command.ts'
import { completionScripts, type Shell, shells } from '../lib/cli/completion/scripts.ts'
import { type Result, raw } from '../lib/output/result.ts'

export class Completion extends BaseCommand {
  static override summary = 'Print the script that completes commands and flags in your shell.'

  static override description =
    'The tab key then offers commands, flags and the words that flags take, and files where a command takes them.'

  static override examples = [
    { description: 'For this session of bash', command: 'source <(ktool completion bash)' },
    {
      description: 'For every session of zsh',
      command: 'ktool completion zsh > "$' + '{fpath[1]}/_ktool"',
    },
    {
      description: 'For every session of fish',
      command: 'ktool completion fish > ~/.config/fish/completions/ktool.fish',
    },
  ]

  static override args = {
    shell: argument({ description: 'the shell', required: true, options: shells }),
  }

  async run(): Promise<Result> {
    const { args } = await this.parse(Completion)
    const { manifest, about } = this.surroundings
    return raw(completionScripts(manifest(), about)[args.shell as Shell])
  }
}

import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { argument, argumentList } from '../../../../src/lib/cli/arguments.ts'
import { BaseCommand } from '../../../../src/lib/cli/base-command.ts'
import { completionScripts } from '../../../../src/lib/cli/completion/scripts.ts'
import { describeCommand } from '../../../../src/lib/cli/describe-command.ts'
import { boolean, outputFlags, string } from '../../../../src/lib/cli/flags.ts'
import { raw } from '../../../../src/lib/output/result.ts'
import { about } from '../surroundings.ts'

class ParcelsList extends BaseCommand {
  static override summary = "List a sender's parcels: all of them."
  static override flags = {
    ...outputFlags({}),
    since: string({ char: 's' }),
    secret: string({ hidden: true }),
  }
  run = async () => raw('')
}

class Dance extends BaseCommand {
  static override summary = 'Dance.'
  static override args = {
    step: argument({ description: 'a step', options: ['waltz', 'polka'], required: true }),
  }
  run = async () => raw('')
}

class ParcelsOpen extends BaseCommand {
  static override summary = 'Open a parcel.'
  static override args = { path: argumentList({ description: 'files' }) }
  static override flags = {
    key: string({ char: 'k', options: ['text', 'hex'] }),
    decode: boolean({ allowNo: true, default: true }),
  }
  run = async () => raw('')
}

class ParcelsListAll extends BaseCommand {
  static override summary = "List everybody's parcels."
  run = async () => raw('')
}

class Sing extends BaseCommand {
  static override summary = 'Sing.'
  static override flags = { key: string({ options: ['major', 'minor'] }) }
  run = async () => raw('')
}

class Ghost extends BaseCommand {
  static override hidden = true
  run = async () => raw('')
}

const manifest = [
  describeCommand('dance', Dance),
  describeCommand('ghost', Ghost),
  describeCommand('parcels:list', ParcelsList),
  describeCommand('parcels:list:all', ParcelsListAll),
  describeCommand('parcels:open', ParcelsOpen),
  describeCommand('sing', Sing),
  describeCommand('sing:stop', ParcelsListAll),
  describeCommand('sing:verse:add', Sing),
  describeCommand('sing:verse:list', ParcelsList),
]
const scripts = completionScripts(manifest, about)

describe('completion in bash', () => {
  it.each([
    ['', ['parcels', 'sing', 'dance', 'help', '--help']],
    ['sing ', ['stop', 'verse', '--key', '--quiet', '--verbose', '--help']],
    ['sing --key m', ['major', 'minor']],
    ['sing verse ', ['add', 'list', '--help']],
    ['sing verse add --key mi', ['minor']],
    ['sing verse li', ['list']],
    ['sing verse list -o js', ['json', 'jsonl']],
    ['da', ['dance']],
    ['dance ', ['waltz', 'polka', '--quiet', '--verbose', '--help']],
    ['parcels ', ['list', 'open', '--help']],
    ['parcel li', ['list']],
    ['parcels list a', ['all']],
    ['parcels list all --q', ['--quiet']],
    ['parcels list --o', ['--output']],
    ['parcel ls orders --no', ['--no-headers']],
    ['parcels list -o js', ['json', 'jsonl']],
    ['parcels list --output = y', ['yaml']],
    ['parcels list --output =', ['table', 'json', 'jsonl', 'yaml', 'csv', 'tsv']],
    ['parcels list --since ', []],
    ['parcels list -o json --csv', ['--csv-safe']],
    ['parcels list --sec', []],
    ['gh', []],
    // Nothing is where bash completes files.
    ['parcels open ', []],
    ['parcel open o', []],
    ['parcels open --k', ['--key']],
    ['parcels open --key h', ['hex']],
    ['parcels open one -', ['--key', '--no-decode', '--quiet', '--verbose', '--help']],
  ])('of "ktool %s"', (typed, words) => {
    const args = ['ktool', ...typed.split(' ')]
    const line = `${scripts.bash}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ktool; echo "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', ...args], { encoding: 'utf8' })

    expect(stderr).toBe('')
    expect(stdout.split(/\s+/).filter((word) => word !== '')).toEqual(words)
  })
})

describe('completion in other shells', () => {
  it('knows the same words and keeps quotes apart, in zsh', () => {
    expect(scripts.zsh).toContain(`' parcels list'|' parcels ls') typed=' parcels list' ;;`)
    expect(scripts.zsh).toContain(
      `' parcels') found=('list:List a sender'\\''s parcels: all of them.' 'open:Open a parcel.') ;;`,
    )
    expect(scripts.zsh).toContain(
      `--output'|' parcels list -o') compadd -- table json jsonl yaml csv tsv; return ;;`,
    )
  })

  it('knows the same words and keeps quotes apart, in fish', () => {
    expect(scripts.fish).toContain(
      `case 'parcels list' 'parcels ls'\n                set typed 'parcels list'`,
    )
    expect(scripts.fish).toContain(`-a list -d 'List a sender\\'s parcels: all of them.'`)
    expect(scripts.fish).toContain(`-s o -l output -x -a 'table json jsonl yaml csv tsv'`)
  })

  it('knows the same words, in PowerShell', () => {
    expect(scripts.powershell).toContain(`' parcels ls' = ' parcels list'`)
    expect(scripts.powershell).toContain(
      `' parcels list -o' = @('table', 'json', 'jsonl', 'yaml', 'csv', 'tsv')`,
    )
  })

  it('leaves files to the shell where a command takes them', () => {
    expect(scripts.zsh).toContain(`' parcels open -'*) ;;\n    ' parcels open '*) _files; return ;;`)
    expect(scripts.fish).toContain(`-n 'test (__ktool_typed) = "parcels open"' -F\n`)
    expect(scripts.powershell).toContain(`$files = @(' parcels open')`)
  })

  it.each(Object.entries(scripts))('has no word of what is hidden, in %s', (_shell, script) => {
    expect(script).not.toMatch(/ghost|secret/)
  })
})

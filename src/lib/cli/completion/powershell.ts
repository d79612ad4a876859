import type { Place } from './places.ts'

export function powershellScript(bin: string, places: readonly Place[]): string {
  return `# ${bin} completion for PowerShell. To use it: ${bin} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${bin} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $paths = @{
${places
  .filter(({ path }) => path !== '')
  .flatMap(pathEntries)
  .join('\n')}
  }
  $values = @{
${places.flatMap(valueEntries).join('\n')}
  }
  $words = @{
${places.map(wordsEntry).join('\n')}
  }
  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | Select-Object -Skip 1 | ForEach-Object { "$_" })
  $typed = ''
  foreach ($word in $before) {
    $next = $paths["$typed $word"]
    if ($null -eq $next) { break }
    $typed = $next
  }
  $files = ${array(places.filter(({ takesPaths }) => takesPaths).map(({ path }) => ` ${path}`))}
  $found = if ($before.Count -gt 0) { $values["$typed $($before[-1])"] }
  # Without an answer of ours PowerShell completes files.
  if ($null -eq $found -and $files -contains $typed -and $wordToComplete -notlike '-*') { return }
  if ($null -eq $found) { $found = $words[$typed] }
  $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}

function pathEntries({ path, spellings }: Place): string[] {
  const parent = path
    .split(' ')
    .slice(0, -1)
    .map((word) => ` ${word}`)
    .join('')
  return spellings.map((word) => `    '${parent} ${word}' = ' ${path}'`)
}

function valueEntries({ path, flags }: Place): string[] {
  return flags
    .filter(({ values }) => values.length > 0)
    .flatMap(({ word, char, values }) =>
      [`--${word}`, ...(char === undefined ? [] : [`-${char}`])].map(
        (name) => `    ' ${path} ${name}' = ${array(values)}`,
      ),
    )
}

function wordsEntry({ path, words, flags }: Place): string {
  const all = [...words.map(({ word }) => word), ...flags.map(({ word }) => `--${word}`), '--help']
  return `    '${path === '' ? '' : ` ${path}`}' = ${array(all)}`
}

function array(words: readonly string[]): string {
  return `@(${words.map((word) => `'${word}'`).join(', ')})`
}

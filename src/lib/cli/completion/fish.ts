import type { Flag, Names, Place, Word } from './places.ts'

export function fishScript(bin: string, places: readonly Place[]): string {
  const lines = places.flatMap((place) => [
    ...place.words.map((word) => wordLine(bin, place, word)),
    ...place.flags.map((flag) => flagLine(bin, place, flag)),
    ...(place.names === undefined
      ? []
      : [`complete -c ${bin} -n ${condition(bin, place)} -a ${quoted(liveWords(bin, place.names))}`]),
    ...(place.takesPaths ? [`complete -c ${bin} -n ${condition(bin, place)} -F`] : []),
  ])
  return `# ${bin} completion for fish. To use it: ${bin} completion fish | source
function __${bin}_typed
    set -l typed
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and break
        switch "$typed $word"
${places
  .filter(({ path }) => path !== '')
  .map(pathCase)
  .join('\n')}
            case '*'
                break
        end
    end
    echo "$typed"
end
complete -c ${bin} -f
${lines.join('\n')}
`
}

function pathCase({ path, spellings }: Place): string {
  const words = path.split(' ')
  const parent = words.slice(0, -1).join(' ')
  const patterns = spellings.map((word) => `'${parent} ${word}'`)
  return `            case ${patterns.join(' ')}\n                set typed '${path}'`
}

function wordLine(bin: string, place: Place, { word, summary }: Word): string {
  return `complete -c ${bin} -n ${condition(bin, place)} -a ${word} -d ${quoted(summary)}`
}

/** Where any value is possible fish completes files. */
function flagLine(
  bin: string,
  place: Place,
  { word, char, summary, takesValue, values, names }: Flag,
): string {
  const short = char === undefined ? '' : ` -s ${char}`
  const known = names === undefined ? values.join(' ') : liveWords(bin, names)
  const choice = known === '' ? ' -r -F' : ` -x -a ${quoted(known)}`
  return `complete -c ${bin} -n ${condition(bin, place)}${short} -l ${word}${takesValue ? choice : ''} -d ${quoted(summary)}`
}

function liveWords(bin: string, names: Names): string {
  return `(${bin} __names ${names} (commandline -opc)[2..-1] 2>/dev/null)`
}

function condition(bin: string, { path }: Place): string {
  return `'test (__${bin}_typed) = "${path}"'`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

import type { Flag, Place, Word } from './places.ts'

export function zshScript(bin: string, places: readonly Place[]): string {
  return `#compdef ${bin}
# ${bin} completion for zsh. To use it: source <(${bin} completion zsh), or keep it as _${bin} in $fpath
_${bin}() {
  local typed='' i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    case "$typed \${words[i]}" in
${places
  .filter(({ path }) => path !== '')
  .map(pathCase)
  .join('\n')}
      *) break ;;
    esac
  done
  case "$typed \${words[CURRENT-1]}" in
${places.flatMap(({ path, flags }) => flags.filter(({ takesValue }) => takesValue).map((flag) => valueCase(bin, path, flag))).join('\n')}
  esac
  case "$typed \${words[CURRENT]}" in
${places
  .filter(({ takesPaths }) => takesPaths)
  .map(filesCase)
  .join('\n')}
  esac
  case "$typed \${words[CURRENT]}" in
${places.map((place) => namesCase(bin, place)).join('')}  esac
  case "$typed" in
${places.map(wordsCase).join('\n')}
  esac
  _describe ${bin} found
}
if [ "$funcstack[1]" = "_${bin}" ]; then _${bin} "$@"; else compdef _${bin} ${bin}; fi
`
}

function pathCase({ path, spellings }: Place): string {
  const parent = path.split(' ').slice(0, -1).join(' ')
  const patterns = spellings.map((word) => `' ${parent === '' ? word : `${parent} ${word}`}'`)
  return `      ${patterns.join('|')}) typed=' ${path}' ;;`
}

function valueCase(bin: string, path: string, { word, char, values, names: live }: Flag): string {
  const names = [`--${word}`, ...(char === undefined ? [] : [`-${char}`])]
  const patterns = names.map((name) => `' ${path} ${name}'`).join('|')
  return `    ${patterns}) ${values.length > 0 ? `compadd -- ${values.join(' ')}` : (liveWords(bin, live) ?? '_files')}; return ;;`
}

function liveWords(bin: string, names: Flag['names']): string | undefined {
  if (names === undefined) return undefined
  return `compadd -- \${(f)"$(${bin} __names ${names} "\${(@)words[2,-1]}" 2>/dev/null)"}`
}

function namesCase(bin: string, { path, names }: Place): string {
  if (names === undefined) return ''
  return `    ' ${path} -'*) ;;\n    ' ${path} '*) ${liveWords(bin, names)}; return ;;\n`
}

function filesCase({ path }: Place): string {
  return `    ' ${path} -'*) ;;\n    ' ${path} '*) _files; return ;;`
}

function wordsCase({ path, words, flags }: Place): string {
  const all: Word[] = [...words, ...flags.map(({ word, summary }) => ({ word: `--${word}`, summary }))]
  const found = all.map(({ word, summary }) => `'${word.replaceAll(':', '\\:')}:${quotable(summary)}'`)
  return `    '${path === '' ? '' : ` ${path}`}') found=(${found.join(' ')}) ;;`
}

function quotable(text: string): string {
  return text.replaceAll("'", `'\\''`)
}

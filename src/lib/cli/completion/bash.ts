import type { Flag, Place } from './places.ts'

/** For bash 3.2 and later: the one that macOS has knows no associative arrays. */
export function bashScript(bin: string, places: readonly Place[]): string {
  return `# ${bin} completion for bash. To use it: source <(${bin} completion bash)
_${bin}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" typed='' words='' i
  # bash splits --flag=value at the sign.
  if [ "$prev" = '=' ]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$cur" = '=' ]; then cur=''; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$typed \${COMP_WORDS[i]}" in
${places
  .filter(({ path }) => path !== '')
  .map(pathCase)
  .join('\n')}
      *) break ;;
    esac
  done
  case "$typed $prev" in
${places.flatMap(({ path, flags }) => flags.filter(({ takesValue }) => takesValue).map((flag) => valueCase(bin, path, flag))).join('\n')}
  esac
  case "$typed" in
${places.map(wordsCase).join('\n')}
  esac
  case "$typed $cur" in
${places.map((place) => namesCase(bin, place)).join('')}  esac
  # Without an answer of ours bash completes files.
  case "$typed $cur" in
${places
  .filter(({ takesPaths }) => takesPaths)
  .map(filesCase)
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _${bin} ${bin}
`
}

function pathCase({ path, spellings }: Place): string {
  const parent = path.split(' ').slice(0, -1).join(' ')
  const patterns = spellings.map((word) => `' ${parent === '' ? word : `${parent} ${word}`}'`)
  return `      ${patterns.join('|')}) typed=' ${path}' ;;`
}

/** Where any value is possible bash completes files. */
function valueCase(bin: string, path: string, { word, char, values, names: live }: Flag): string {
  const names = [`--${word}`, ...(char === undefined ? [] : [`-${char}`])]
  const patterns = names.map((name) => `' ${path} ${name}'`).join('|')
  return `    ${patterns}) COMPREPLY=(${values.length > 0 ? `$(compgen -W '${values.join(' ')}' -- "$cur")` : liveWords(bin, live)}); return ;;`
}

function liveWords(bin: string, names: Flag['names']): string {
  if (names === undefined) return ''
  return `$(compgen -W "$(${bin} __names ${names} "\${COMP_WORDS[@]:1}" 2>/dev/null)" -- "$cur")`
}

/** A flag has begun, or there are names to choose from. */
function namesCase(bin: string, { path, names }: Place): string {
  if (names === undefined) return ''
  return `    ' ${path} -'*) ;;\n    ' ${path} '*) COMPREPLY=(${liveWords(bin, names)}); return ;;\n`
}

function filesCase({ path }: Place): string {
  return `    ' ${path} -'*) ;; ' ${path} '*) COMPREPLY=(); return ;;`
}

function wordsCase({ path, words, flags }: Place): string {
  const all = [...words.map(({ word }) => word), ...flags.map(({ word }) => `--${word}`), '--help']
  return `    '${path === '' ? '' : ` ${path}`}') words='${all.join(' ')}' ;;`
}

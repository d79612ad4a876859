import ts from 'typescript'
import { type HouseMap, roomOf } from '../map.ts'
import { type Finding, findingAt, importsOf, type Source, walk } from '../source.ts'

const fences = new Map([
  ['setTimeout', 'timers'],
  ['setInterval', 'timers'],
  ['setImmediate', 'timers'],
  ['clearTimeout', 'timers'],
  ['clearInterval', 'timers'],
  ['clearImmediate', 'timers'],
  ['performance', 'performance'],
  ['process', 'process'],
  ['fetch', 'fetch'],
  ['WebSocket', 'fetch'],
])

const random = /^(random(Bytes|UUID|UUIDv7|Int|Fill|FillSync)|getRandomValues|webcrypto)$/

/** Clock, timers, randomness and the process are reached only where the map's parentheses name them. */
export function checkGlobals(sources: Source[], map: HouseMap): Finding[] {
  return sources.flatMap((source) => {
    const room = roomOf(map, source.path)
    const found: Finding[] = randomImports(source)
      .filter(() => room?.fenced.has('randomness') !== true)
      .map((name) => ({ path: source.path, line: 1, message: `imports ${name}, which is the Random port's` }))
    const own = importedNames(source)
    walk(source.tree, (node) => {
      const fence = fenceOf(node, own)
      if (fence === undefined || room?.fenced.has(fence) === true) return
      const message = `uses ${node.getText(source.tree).split('\n')[0]}: the map does not give ${fence} to this room`
      found.push(findingAt(source, node, message))
    })
    return found
  })
}

/** Only the command line's own room ends the process; everyone else returns or throws. */
export function checkExit(sources: Source[], map: HouseMap): Finding[] {
  return sources
    .filter((source) => roomOf(map, source.path)?.name !== 'cli')
    .flatMap((source) => {
      const found: Finding[] = []
      walk(source.tree, (node) => {
        if (isMember(node, 'process', /^(exit|abort|kill|reallyExit)$/)) {
          found.push(findingAt(source, node, 'ends the process: only cli does'))
        }
      })
      return found
    })
}

function randomImports(source: Source): string[] {
  return importsOf(source).flatMap((imported) => imported.names.filter((name) => random.test(name)))
}

/** The API is called Fetch, and its definition `fetch`: an imported name is not the global of that name. */
function importedNames(source: Source): ReadonlySet<string> {
  const names = new Set<string>()
  walk(source.tree, (node) => {
    if (ts.isImportSpecifier(node)) names.add(node.name.text)
  })
  return names
}

function fenceOf(node: ts.Node, own: ReadonlySet<string>): string | undefined {
  if (isMember(node, 'Math', /^random$/)) return 'randomness'
  if (isMember(node, 'Date', /^now$/) || readsTheClock(node)) return 'Date'
  if (isMember(node, 'AbortSignal', /^timeout$/)) return 'timers'
  if (ts.isPropertyAccessExpression(node) && random.test(node.name.text)) return 'randomness'
  return ts.isIdentifier(node) && !own.has(node.text) && isReference(node) ? fences.get(node.text) : undefined
}

function readsTheClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return isNamed(node.expression, 'Date') && (node.arguments ?? []).length === 0
  return ts.isCallExpression(node) && isNamed(node.expression, 'Date')
}

function isMember(node: ts.Node, object: string, member: RegExp): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    isNamed(bare(node.expression), object) &&
    member.test(node.name.text)
  )
}

/** `globalThis.Date` is `Date`. */
function bare(node: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'globalThis') ? node.name : node
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name
}

/** A name that is read, not one that is declared, a key, or another object's member. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node)
    return isNamed(parent.expression, 'globalThis')
  if (
    ts.isImportSpecifier(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isTypeReferenceNode(parent) ||
    ts.isTypeQueryNode(parent)
  )
    return false
  const isName = 'name' in parent && parent.name === node
  return !isName || ts.isShorthandPropertyAssignment(parent)
}

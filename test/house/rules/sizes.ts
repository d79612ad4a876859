import ts from 'typescript'
import { type Finding, findingAt, type Source, walk } from '../source.ts'

export interface Limits {
  fileLines: number
  functionLines: number
}

/** Past these, look again. */
export const lookAgain: Limits = { fileLines: 300, functionLines: 60 }
/** Past these, it does not go in. */
export const refused: Limits = { fileLines: 400, functionLines: 90 }

export function checkSizes(sources: Source[], limits: Limits): Finding[] {
  return sources.flatMap((source) => [...longFile(source, limits), ...longFunctions(source, limits)])
}

function longFile(source: Source, limits: Limits): Finding[] {
  const lines = source.tree.text.trimEnd().split('\n').length
  if (lines <= limits.fileLines) return []
  return [{ path: source.path, line: 1, message: `has ${lines} lines, more than ${limits.fileLines}` }]
}

function longFunctions(source: Source, limits: Limits): Finding[] {
  const found: Finding[] = []
  walk(source.tree, (node) => {
    if (!ts.isFunctionLike(node)) return
    const lines = node.getText(source.tree).split('\n').length
    if (lines <= limits.functionLines) return
    found.push(findingAt(source, node, `a function of ${lines} lines, more than ${limits.functionLines}`))
  })
  return found
}

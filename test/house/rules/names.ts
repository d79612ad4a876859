import { posix } from 'node:path'
import ts from 'typescript'
import { type Finding, findingAt, type Source } from '../source.ts'

const emptyNames = /^(utils?|helpers?|commons?|managers?|misc|shared)$/i

/** Names that say nothing about what is behind them, as a file, a folder or a part of either. */
export function checkPaths(paths: string[]): string[] {
  return paths.filter((path) =>
    posix
      .join(path)
      .split('/')
      .some((part) => part.split(/[.\-_]/).some((word) => emptyNames.test(word))),
  )
}

/** Names are imported as they are exported; a default export has none. oclif finds commands by theirs. */
export function checkDefaultExports(sources: Source[]): Finding[] {
  return sources
    .filter((source) => !source.path.startsWith('src/commands/'))
    .flatMap((source) =>
      source.tree.statements
        .filter((statement) => isDefaultExport(statement))
        .map((statement) => findingAt(source, statement, 'exports a default')),
    )
}

/** A module that keeps state, or acts when it is imported, cannot be used twice or be simulated. */
export function checkModuleState(sources: Source[]): Finding[] {
  return sources.flatMap((source) =>
    source.tree.statements
      .filter((statement) => isState(statement) || ts.isExpressionStatement(statement))
      .map((statement) => findingAt(source, statement, 'keeps state in the module, or acts on import')),
  )
}

/** A folder has no front page: what is used is imported from the file where it lives. */
export function checkBarrels(sources: Source[]): Finding[] {
  return sources
    .filter((source) => /(^|\/)index\.tsx?$/.test(source.path) && !source.path.startsWith('src/commands/'))
    .map((source) => ({ path: source.path, line: 1, message: 'is a barrel' }))
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true
  if (ts.isExportDeclaration(statement)) return exportsDefaultName(statement)
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)
}

function exportsDefaultName(statement: ts.ExportDeclaration): boolean {
  const clause = statement.exportClause
  if (clause === undefined || !ts.isNamedExports(clause)) return false
  return clause.elements.some((element) => element.name.text === 'default')
}

function isState(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return false
  return (statement.declarationList.flags & ts.NodeFlags.Const) === 0
}

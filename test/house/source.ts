import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

export interface Source {
  /** From the top of the project, with forward slashes. */
  path: string
  tree: ts.SourceFile
}

export interface Finding {
  path: string
  line: number
  message: string
}

export interface Import {
  specifier: string
  line: number
  /** The imported names; empty for `import x`, `import * as x` and `import()`. */
  names: string[]
}

export function sourceOf(path: string, text: string): Source {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind) }
}

export function readSources(root: string, folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')))
}

export function lineOf(source: Source, node: ts.Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1
}

export function findingAt(source: Source, node: ts.Node, message: string): Finding {
  return { path: source.path, line: lineOf(source, node), message }
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** Every way a file can name another one: import, export from, import(), require() and type imports. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  walk(source.tree, (node) => {
    const specifier = specifierOf(node)
    if (specifier === undefined) return
    found.push({ specifier: specifier.text, line: lineOf(source, node), names: namesOf(node) })
  })
  return found
}

/** The file that a relative specifier points at; undefined for packages and Node's modules. */
export function resolveImport(source: Source, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(source.path), specifier) : undefined
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier)
  if (ts.isExternalModuleReference(node)) return literal(node.expression)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal)
  return ts.isCallExpression(node) && loadsModule(node) ? literal(node.arguments[0]) : undefined
}

function loadsModule(call: ts.CallExpression): boolean {
  const callee = call.expression
  if (callee.kind === ts.SyntaxKind.ImportKeyword || isCalled(callee, 'require')) return true
  return ts.isCallExpression(callee) && isCalled(callee.expression, 'createRequire')
}

function isCalled(callee: ts.Expression, name: string): boolean {
  return ts.isIdentifier(callee) && callee.text === name
}

function literal(node: ts.Node | undefined): ts.StringLiteralLike | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node : undefined
}

function namesOf(node: ts.Node): string[] {
  if (!ts.isImportDeclaration(node)) return []
  const bindings = node.importClause?.namedBindings
  if (bindings === undefined || !ts.isNamedImports(bindings)) return []
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text)
}

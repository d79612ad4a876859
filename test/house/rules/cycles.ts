import { type Finding, importsOf, resolveImport, type Source } from '../source.ts'

/** Files that import each other in a circle can only be understood together; types count too. */
export function checkCycles(sources: Source[]): Finding[] {
  const graph = new Map(sources.map((source) => [source.path, targetsOf(source)]))
  const done = new Set<string>()
  return sources.flatMap(({ path }) => findCycle(path, graph, done, []))
}

function targetsOf(source: Source): string[] {
  return importsOf(source).flatMap((imported) => resolveImport(source, imported.specifier) ?? [])
}

function findCycle(
  path: string,
  graph: Map<string, string[]>,
  done: Set<string>,
  trail: string[],
): Finding[] {
  if (trail.includes(path)) {
    const circle = [...trail.slice(trail.indexOf(path)), path]
    return [{ path, line: 1, message: `is in a circle of imports: ${circle.join(' → ')}` }]
  }
  if (done.has(path)) return []
  const found = (graph.get(path) ?? []).flatMap((next) => findCycle(next, graph, done, [...trail, path]))
  done.add(path)
  return found
}

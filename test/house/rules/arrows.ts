import { type HouseMap, type Room, roomOf } from '../map.ts'
import { type Finding, type Import, importsOf, resolveImport, type Source } from '../source.ts'

/** Every file has a room, and every import follows an arrow or is named in the room's parentheses. */
export function checkArrows(sources: Source[], map: HouseMap): Finding[] {
  return sources.flatMap((source) => {
    const room = roomOf(map, source.path)
    if (room === undefined) return [{ path: source.path, line: 1, message: 'belongs to no room of the map' }]
    if (!room.built) {
      return [{ path: source.path, line: 1, message: `is in ${room.name}, which the map marks as not built` }]
    }
    return importsOf(source).flatMap((imported) => checkImport(source, room, imported, map))
  })
}

/** A package has one room: two that name it would make two ways to use it. */
export function checkFences(map: HouseMap): string[] {
  const owners = new Map<string, string[]>()
  for (const room of map.rooms) {
    for (const name of room.fenced) owners.set(name, [...(owners.get(name) ?? []), room.name])
  }
  return [...owners]
    .filter(([name, rooms]) => isPackage(name) && rooms.length > 1)
    .map(([name, rooms]) => `${name} is in the parentheses of ${rooms.join(' and ')}`)
}

function checkImport(source: Source, room: Room, imported: Import, map: HouseMap): Finding[] {
  const target = resolveImport(source, imported.specifier)
  const message =
    target === undefined
      ? outsideMessage(room, imported.specifier, map)
      : insideMessage(room, target, imported.specifier, map)
  return message === undefined ? [] : [{ path: source.path, line: imported.line, message }]
}

function insideMessage(room: Room, target: string, specifier: string, map: HouseMap): string | undefined {
  const other = roomOf(map, target)
  if (other === undefined) return `imports ${specifier}, which is in no room`
  if (other === room || room.mayImport.has(other.name)) return undefined
  return `imports ${specifier}: no arrow leads from ${room.name} to ${other.name}`
}

function outsideMessage(room: Room, specifier: string, map: HouseMap): string | undefined {
  const name = packageName(specifier)
  if (room.fenced.has(name) || map.anywhere.has(specifier)) return undefined
  return `imports ${specifier}, which the map does not give to ${room.name}`
}

/** `node:fs/promises` is fenced with `node:fs`, `@scope/name/deep` with `@scope/name`. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The parentheses also hold Node's modules and globals, which several rooms may share. */
function isPackage(name: string): boolean {
  return (
    !name.startsWith('node:') &&
    !['Date', 'timers', 'performance', 'randomness', 'process', 'fetch'].includes(name)
  )
}

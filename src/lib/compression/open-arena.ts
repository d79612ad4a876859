import type { Arena } from './arena.ts'
import { sharedEngine, startEngine } from './engine.ts'
import { ModuleArena } from './module-arena.ts'
import { ScriptArena } from './script-arena.ts'

/** What the shared engine may hold on to; anything larger gets an engine that goes when it is done. */
const SHARED_BYTES_MAX = 16 * 1024 * 1024

/** Opens the fastest arena there is. Only the one opened last may be used. */
export function openArena(source: Uint8Array, targetBytes: number): Arena {
  const engine = source.length + targetBytes <= SHARED_BYTES_MAX ? sharedEngine() : startEngine()
  if (engine?.reserve(source.length, targetBytes)) {
    return new ModuleArena(engine, source, targetBytes)
  }
  return new ScriptArena(source, targetBytes)
}

/** The part of the runtime's interface that is used here; `@types/node` leaves it to the browser's types. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}

/**
 * Starts instances of a WebAssembly module in base64, which is compiled when the first is asked for. There is
 * none where the runtime has no WebAssembly, or none with its vector instructions.
 */
export function moduleStarter<Exports>(moduleText: string): () => Exports | undefined {
  let compiled: { start: (() => Exports) | undefined } | undefined
  return () => {
    compiled ??= { start: compile<Exports>(moduleText) }
    return compiled.start?.()
  }
}

function compile<Exports>(moduleText: string): (() => Exports) | undefined {
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly
  if (api === undefined) return undefined
  try {
    const module = new api.Module(Buffer.from(moduleText, 'base64'))
    return () => new api.Instance(module, {}).exports as Exports
  } catch {
    return undefined
  }
}

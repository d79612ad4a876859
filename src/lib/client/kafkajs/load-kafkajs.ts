/** The package as it is loaded, when the first command needs it: that costs some 20 ms. */
export type Kafkajs = typeof import('kafkajs')

/** A package of CommonJS: depending on who loads it, its names are those of the module or of its default. */
export async function loadKafkajs(): Promise<Kafkajs> {
  const loaded: Kafkajs & { readonly default?: Kafkajs } = await import('kafkajs')
  return loaded.default ?? loaded
}

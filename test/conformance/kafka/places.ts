import { fileURLToPath } from 'node:url'

export const kafkaVersion = '4.3.1'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** All that the conformance tests fetch, compile and leave behind; ignored by git. */
export const cache = `${root}.cache/kafka-${kafkaVersion}/`
export const libs = `${cache}libs/`
export const classes = `${cache}classes/`
export const logs = `${cache}logs/`

export const pom = `${root}test/conformance/kafka/pom.xml`
export const javaSources = `${root}test/conformance/java/`

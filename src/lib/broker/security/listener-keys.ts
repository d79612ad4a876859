import { listenerTls } from '../../config/security/listener-tls.ts'
import { authoritiesOf, identityOf } from '../../config/security/tls-settings.ts'
import { readText } from '../../config/text-file.ts'
import { KtoolError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { TlsServing } from '../../ports/network.ts'
import { formatTime } from '../../values/times.ts'
import type { ApiError } from '../api-error.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import { invalidDynamically, mustNeedNoStart, storeSettings } from '../configs/listener-rules.ts'
import { type KeyEntry, keyEntryOf, type Leniency, mustBeLike } from './key-entry.ts'
import { ListenerLookup } from './listener-lookup.ts'
import {
  incompatible,
  isOfItsType,
  mustMakeKeyStore,
  mustMakeTrustStore,
  StoreRefusal,
  unreadableStore,
} from './store-rules.ts'

/** Makes ready what a listener is served by from now on, and gives what puts it in place. Throws where it cannot be. */
export type Prepare = (listener: string, tls: TlsServing) => () => void

interface Ports {
  readonly clock: Clock
  readonly disk: ReadableDisk
  readonly log: LogSink
}

/** By what a listener is secured now. */
interface Standing {
  readonly said: string
  readonly tls: TlsServing
  readonly entry: KeyEntry
  readonly hasTrust: boolean
}

type Settings = ReadonlyMap<string, string>

/**
 * Keys and certificates of listeners that change while the broker runs: new connections get the new ones, and those that
 * stand keep what they have. The rest of what TLS is told counts at the start only, as in Kafka.
 */
export class ListenerKeys {
  readonly #configs: BrokerConfigs
  readonly #ports: Ports
  readonly #prepare: Prepare
  readonly #standing = new Map<string, Standing>()

  constructor(
    secured: ReadonlyMap<string, TlsServing | undefined>,
    configs: BrokerConfigs,
    ports: Ports,
    prepare: Prepare,
  ) {
    this.#configs = configs
    this.#ports = ports
    this.#prepare = prepare
    for (const [listener, tls] of secured) {
      if (tls === undefined) continue
      const lookup = new ListenerLookup(configs.given, listener)
      const facts = {
        said: saidOf(lookup),
        hasTrust: hasTrust(lookup),
        entry: keyEntryOf(tls.identity.chain),
      }
      this.#standing.set(listener, { tls, ...facts })
    }
    const listeners = [...secured.keys()]
    configs.guard((then) => {
      this.#check(then.effective)
      mustNeedNoStart(configs, then, listeners)
    })
    for (const [listener, { entry }] of this.#standing) this.#warnOfAge(listener, entry)
    if (this.#standing.size === 0) return
    configs.onChange((topic) => {
      if (topic === null) this.#renew()
    })
    this.#renew()
  }

  /** Throws what Kafka answers where a listener could not be served so. */
  #check(settings: Settings): void {
    for (const [listener, standing] of this.#standing) {
      const lookup = this.#lookup(listener, settings)
      if (saidOf(lookup) === standing.said) continue
      try {
        this.#mustMakeStores(lookup)
        const next = this.#load(lookup, listener, standing)
        this.#prepare(listener, next.tls)
      } catch (cause) {
        throw refused(cause)
      }
    }
  }

  /** Whoever names stores while the broker runs has to do so as Kafka wants it; at its start it is not so strict. */
  #mustMakeStores(lookup: ListenerLookup): void {
    mustMakeKeyStore(lookup)
    this.#mustBeOfItsType(lookup, 'key')
    mustMakeTrustStore(lookup)
    this.#mustBeOfItsType(lookup, 'trust')
  }

  #mustBeOfItsType(lookup: ListenerLookup, kind: 'key' | 'trust'): void {
    const path = lookup.get(`ssl.${kind}store.location`)
    if (path === undefined) return
    const text = reading(() => readText(this.#ports.disk, path, 'latin1'), lookup, kind)
    if (text === undefined || !isOfItsType(lookup, kind, text)) throw unreadableStore(lookup, kind)
  }

  /** Files are looked at anew, whatever has changed. */
  #renew(): void {
    for (const [listener, standing] of this.#standing) {
      try {
        const next = this.#load(this.#lookup(listener, this.#configs.effective), listener, standing)
        if (isSame(next.tls, standing.tls)) continue
        this.#prepare(listener, next.tls)()
        this.#standing.set(listener, next)
        this.#ports.log.log('info', 'a listener has another certificate', { listener })
        this.#warnOfAge(listener, next.entry)
      } catch (cause) {
        if (saidOf(this.#lookup(listener, this.#configs.effective)) === standing.said) continue
        const reason = cause instanceof Error ? cause.message : String(cause)
        this.#ports.log.log('error', 'a listener keeps its certificate', { listener, reason })
      }
    }
  }

  /** Kafka serves it all the same, and it is the clients who refuse. */
  #warnOfAge(listener: string, { subject, untilMs }: KeyEntry): void {
    if (untilMs > this.#ports.clock.nowMs()) return
    const facts = { listener, subject, until: formatTime(untilMs) }
    this.#ports.log.log('warn', 'the certificate of a listener has expired: clients refuse it', facts)
  }

  #load(lookup: ListenerLookup, listener: string, standing: Standing): Standing {
    const { disk } = this.#ports
    const identity = reading(() => identityOf(lookup, disk), lookup, 'key')
    if (identity === null)
      throw incompatible(
        'Cannot remove the SSL keystore from an existing listener for which a keystore was configured.',
      )
    reading(() => authoritiesOf(lookup, disk), lookup, 'trust')
    const entry = reading(() => keyEntryOf(identity.chain), lookup, 'key')
    mustBeLike(entry, standing.entry, this.#leniency(listener))
    if (hasTrust(lookup) && !standing.hasTrust)
      throw incompatible(
        'Cannot add SSL truststore to an existing listener for which no truststore was configured.',
      )
    const tls = listenerTls(lookup, standing.tls.clients, disk)
    return { said: saidOf(lookup), tls, entry, hasTrust: hasTrust(lookup) }
  }

  #leniency(listener: string): Leniency {
    const lookup = new ListenerLookup(this.#configs.given, listener)
    return {
      allowsSubject: lookup.flag('ssl.allow.dn.changes', false),
      allowsNames: lookup.flag('ssl.allow.san.changes', false),
    }
  }

  #lookup(listener: string, settings: Settings): ListenerLookup {
    const prefix = `listener.name.${listener.toLowerCase()}.`
    const names = storeSettings.map((name) => prefix + name)
    const renewed = names.flatMap((name): [string, string][] => {
      const value = settings.get(name)
      return value === undefined ? [] : [[name, value]]
    })
    return new ListenerLookup(new Map([...this.#configs.given, ...renewed]), listener)
  }
}

function saidOf(lookup: ListenerLookup): string {
  return JSON.stringify(storeSettings.map((name) => lookup.raw(name) ?? null))
}

function hasTrust(lookup: ListenerLookup): boolean {
  return (
    lookup.get('ssl.truststore.location') !== undefined ||
    lookup.get('ssl.truststore.certificates') !== undefined
  )
}

function isSame(one: TlsServing, other: TlsServing): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function reading<T>(read: () => T, lookup: ListenerLookup, kind: 'key' | 'trust'): T {
  try {
    return read()
  } catch (cause) {
    throw cause instanceof StoreRefusal ? cause : unreadableStore(lookup, kind)
  }
}

/** As Kafka answers it. */
function refused(cause: unknown): ApiError {
  const isTold = cause instanceof StoreRefusal
  if (!isTold && !(cause instanceof KtoolError)) throw cause
  const told = isTold ? cause.message : `org.apache.kafka.common.KafkaException: ${cause.message}`
  return invalidDynamically(`Validation of dynamic config update of SSLFactory failed: ${told}`)
}

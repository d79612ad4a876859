import { apiVersions } from './api-versions.ts'
import type { Handler } from './handler.ts'

/** Every API that this broker serves. ApiVersions says these, and no others. */
export const handlers: readonly Handler[] = [apiVersions]

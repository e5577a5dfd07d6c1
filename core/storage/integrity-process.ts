import { onRequest } from '../processes/parent-link.ts'
import { findDamage } from './integrity.ts'

/** A process that checks one file and says what it found. */
onRequest(async (request) => findDamage((request as { readonly path: string }).path))

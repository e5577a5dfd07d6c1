import { getCACertificates } from 'node:tls'

/** The certificates given and those that are trusted anyway; without any given, nothing to set. */
export function trusting(certificates: readonly string[] | undefined): { ca?: string[] } {
  return certificates === undefined || certificates.length === 0
    ? {}
    : { ca: [...getCACertificates('default'), ...certificates] }
}

/** Host and port of what was typed so far, as the gate names them; null while it is neither a server nor an address. */
export function placeOfDraft(
  kind: 'email' | 'slack' | 'webhook',
  { server, url }: { readonly server: string; readonly url: string },
): { readonly host: string; readonly port: number } | null {
  if (kind === 'email') {
    const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\s/]+)):(\d{1,5})$/.exec(server.trim()) ?? []
    const host = bracketed ?? plain
    const number = Number(port)
    return host === undefined || number < 1 || number > 65_535 ? null : { host: host.toLowerCase(), port: number }
  }
  const address = URL.parse(url.trim())
  if (!address || !/^https?:$/.test(address.protocol) || address.hostname === '') return null
  return {
    host: address.hostname.toLowerCase().replace(/^\[|\]$/g, ''),
    port: address.port === '' ? (address.protocol === 'https:' ? 443 : 80) : Number(address.port),
  }
}

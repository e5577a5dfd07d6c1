const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The bytes of a base64 text with its padding (RFC 4648). What runs everywhere has no function for it. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const places = new Uint8Array(128)
  for (let place = 0; place < alphabet.length; place++) places[alphabet.charCodeAt(place)] = place
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  const place = (at: number): number => places[text.charCodeAt(at)] as number
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    const word = (place(at) << 18) | (place(at + 1) << 12) | (place(at + 2) << 6) | place(at + 3)
    // What lies beyond the end is dropped.
    bytes[to] = word >>> 16
    bytes[to + 1] = word >>> 8
    bytes[to + 2] = word
  }
  return bytes
}

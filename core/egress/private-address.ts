import { BlockList, isIPv6 } from 'node:net'

/** Ranges that no public server has: https://www.iana.org/assignments/iana-ipv4-special-registry and its twin for IPv6. */
const ranges: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 127, 'ipv6'],
  // Translated and tunnelled addresses carry an IPv4 one that is not seen here.
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]
const mappedV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

const privateRanges = new BlockList()
for (const [network, prefix, family] of ranges) privateRanges.addSubnet(network, prefix, family)

/** Whether an IP address is of the own machine or network, or otherwise not of the public internet. */
export function isPrivateAddress(address: string): boolean {
  const v4 = mappedV4.exec(address)?.[1] ?? address
  return privateRanges.check(v4, isIPv6(v4) ? 'ipv6' : 'ipv4')
}

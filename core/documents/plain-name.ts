/** A name without what names of files may not have. */
export function plainName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._ -]/gu, '-')
}

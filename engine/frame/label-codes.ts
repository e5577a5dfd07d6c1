/**
 * Codes of class labels by their text. A label with white space around, which models of other tools have where they were
 * trained on such texts, is found without it too, where no other label is read as that.
 */
export function labelCodes(classes: readonly string[]): ReadonlyMap<string, number> {
  const codes = new Map(classes.map((label, code) => [label, code]))
  const trimmed = classes.map((label) => label.trim())
  for (const [code, label] of trimmed.entries()) {
    if (!codes.has(label) && trimmed.indexOf(label) === trimmed.lastIndexOf(label)) codes.set(label, code)
  }
  return codes
}

import { Badge } from '@mantine/core'
import { usePlainWords } from '../explain/plain-words.ts'

const methods: Readonly<Record<string, string>> = {
  tree: 'exact (TreeSHAP)',
  interventional: 'exact (interventional TreeSHAP)',
  linear: 'exact (linear SHAP)',
  exact: 'exact (all coalitions)',
  sampling: 'estimated by sampling',
  lime: 'estimated by LIME',
}

/** By which method an explanation was made, and whether it is exact. */
export function MethodBadge({ method, exact }: { readonly method: string; readonly exact: boolean }) {
  const plain = usePlainWords()
  return (
    <Badge variant="light" color={exact ? 'green' : 'yellow'} tt="none" radius="sm">
      {plain ? (exact ? 'exact' : 'estimated') : (methods[method] ?? method)}
    </Badge>
  )
}

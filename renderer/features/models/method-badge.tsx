import { Badge } from '@mantine/core'

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
  return (
    <Badge variant="light" color={exact ? 'green' : 'yellow'} tt="none" radius="sm">
      {methods[method] ?? method}
    </Badge>
  )
}

import type { Column } from '../frame/frame.ts'

interface Kept {
  readonly columns: readonly Column[]
  readonly value: unknown
}

const memory = new WeakMap<Int32Array, WeakMap<object, Kept>>()

/**
 * What `make` makes of a background for a model or a member of one, made once for a list of rows, which is never changed:
 * while a slider is dragged it is the same background each time.
 */
export function ofBackground<Value>(
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: Int32Array },
  owner: object,
  make: () => Value,
): Value {
  const owners = memory.get(rows) ?? new WeakMap<object, Kept>()
  memory.set(rows, owners)
  const known = owners.get(owner)
  if (known?.columns.length === columns.length && known.columns.every((each, at) => each === columns[at])) {
    return known.value as Value
  }
  const value = make()
  owners.set(owner, { columns, value })
  return value
}

import type { ForeignInterface } from '../../engine/onnx/reader/foreign-interface.ts'
import { ForeignInterfaceError, foreignInterface } from '../../engine/onnx/reader/foreign-interface.ts'
import type { OnnxModel } from '../../engine/onnx/reader/onnx-model.ts'
import type { Signature } from '../../shared/domain/models.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { TrialOutput } from './quarantine/trial-run.ts'

/** How a foreign model is used, with what its outputs were seen to be. Throws MODEL_INVALID where it is not for tables. */
export function readForeignInterface(model: OnnxModel, outputs: readonly TrialOutput[]): ForeignInterface {
  const widths = new Map(
    outputs.flatMap(({ name, shape }) => (shape.length === 2 ? [[name, shape[1] as number] as const] : [])),
  )
  try {
    return foreignInterface(model, widths)
  } catch (error) {
    if (!(error instanceof ForeignInterfaceError)) throw error
    throw new MaestroError(
      'MODEL_INVALID',
      `The model is not for tables: ${error.message}`,
      'Maestro uses models that take a row of columns and give a label, probabilities or numbers.',
    )
  }
}

/**
 * The signature of a foreign model. `columns`: names for its columns, in order, since files number those of a wide input;
 * empty: the file's own. Ranges and levels are not known. Throws INPUT_INVALID where the number of names is another.
 */
export function foreignSignature(plan: ForeignInterface, columns: readonly string[]): Signature {
  const own = plan.inputs.flatMap((input) => input.columns)
  if (columns.length > 0 && columns.length !== own.length) {
    throw new MaestroError(
      'INPUT_INVALID',
      `The model takes ${own.length} columns, and ${columns.length} names were given.`,
      'Name the columns in the order in which the model was trained on them.',
    )
  }
  if (new Set(columns).size < columns.length) {
    throw new MaestroError('INPUT_INVALID', 'Two columns were given the same name.')
  }
  return {
    task: plan.task,
    target: plan.label ?? (plan.values[0] as string),
    classes: [...plan.classes],
    inputs: own.map(({ name, type }, at) => ({
      name: columns[at] ?? name,
      type,
      min: null,
      max: null,
      levels: type === 'boolean' ? ['false', 'true'] : null,
      missingSeen: true,
      example: null,
    })),
    outputs: outputsOf(plan),
  }
}

/**
 * Which names a model's columns have in a table: the file's own where the table has them all, else the table's in its
 * order, the target left out. Throws SIGNATURE_MISMATCH where the table has more or fewer.
 */
export function columnsInTable(plan: ForeignInterface, table: readonly string[], target: string | null): string[] {
  const own = plan.inputs.flatMap(({ columns }) => columns.map(({ name }) => name))
  if (own.every((name) => table.includes(name))) return own
  const given = table.filter((name) => name !== target)
  if (given.length === own.length) return given
  throw new MaestroError(
    'SIGNATURE_MISMATCH',
    `The model takes ${own.length} columns (${own.slice(0, 8).join(', ')}${own.length > 8 ? ', …' : ''}), and the table has ${given.length}${target === null ? '' : ` beside ${target}`}.`,
    'Register the model with --columns A,B,C: the names of its columns in the order in which it was trained on them.',
  )
}

function outputsOf(plan: ForeignInterface): Signature['outputs'] {
  const label = plan.label === null ? [] : [{ name: plan.label, type: 'label' }]
  const numbers = plan.values.flatMap((name) => {
    const width = plan.values.length > 1 ? 1 : (plan.width ?? 1)
    return Array.from({ length: width }, (_, at) => ({ name: width === 1 ? name : `${name}_${at}`, type: 'number' }))
  })
  return [...label, ...numbers]
}

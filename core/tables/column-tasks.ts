import { createBlobStore } from '../blobs/blob-store.ts'
import type { ParsedPart, PartRequest } from './delimited/parse-part.ts'
import { createPartReader } from './delimited/parse-part.ts'
import { finishColumn } from './finish-column.ts'
import type { FinishRequest } from './raw-column.ts'
import type { RowKeysRequest } from './row-keys.ts'
import { fillRowKeys } from './row-keys.ts'

/** The pieces of an import that threads do side by side. */
export type ColumnTask =
  | { readonly kind: 'parse'; readonly request: PartRequest }
  | { readonly kind: 'dictionaries' }
  | { readonly kind: 'finish'; readonly request: FinishRequest }
  | { readonly kind: 'row-keys'; readonly request: RowKeysRequest }
  | { readonly kind: 'keep-file'; readonly blobs: string; readonly path: string }

/** What a thread can do; it remembers the texts of the file it reads. */
export interface ColumnTasks {
  run(task: ColumnTask): unknown
}

export function createColumnTasks(): ColumnTasks {
  const reader = createPartReader()
  return {
    run(task) {
      switch (task.kind) {
        case 'parse':
          return reader.parse(task.request) satisfies ParsedPart
        case 'dictionaries':
          return reader.dictionaries()
        case 'finish':
          return finish(task.request)
        case 'row-keys':
          fillRowKeys(task.request)
          return null
        case 'keep-file':
          return createBlobStore(task.blobs).putFile(task.path)
      }
    },
  }
}

/** Null where the texts are not UTF-8. */
function finish(request: FinishRequest) {
  try {
    return finishColumn(request)
  } catch (error) {
    // What TextDecoder throws where it is told to be strict.
    if (error instanceof TypeError && (error as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return null
    throw error
  }
}

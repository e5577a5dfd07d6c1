import type { Settings, SettingsChange } from '../../../shared/domain/workspace.ts'
import { settings as settingsSchema } from '../../../shared/domain/workspace.ts'
import type { ServiceContext } from '../service-context.ts'

export interface SettingsService {
  /** Every setting, with its default where nobody has chosen. */
  get(): Settings
  /** Changes the settings given; the others stay. */
  set(changes: SettingsChange): Settings
  reset(): Settings
}

/** Each setting is a row of its own, so that two windows that change different ones do not undo each other. */
export function createSettingsService(
  context: Pick<ServiceContext, 'database' | 'changed' | 'assertWritable' | 'logger'>,
): SettingsService {
  const { sqlite } = context.database
  const selectAll = sqlite.prepare<[], { key: string; value: string }>('SELECT key, value FROM setting')
  const upsert = sqlite.prepare<[string, string]>(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const remove = sqlite.prepare<[string]>('DELETE FROM setting WHERE key = ?')
  const keys = Object.keys(settingsSchema.shape) as (keyof Settings)[]

  function get(): Settings {
    const stored = new Map(selectAll.all().map(({ key, value }) => [key, value]))
    const chosen: Record<string, unknown> = {}
    for (const key of keys) {
      const value = parseSetting(key, stored.get(key))
      if (value !== undefined) chosen[key] = value
    }
    return settingsSchema.parse(chosen)
  }

  /** A value that no longer fits (another version wrote it) gives way to the default; the others stand. */
  function parseSetting(key: keyof Settings, value: string | undefined): unknown {
    if (value === undefined) return undefined
    try {
      return settingsSchema.shape[key].parse(JSON.parse(value))
    } catch (error) {
      context.logger.warn({ err: error, key }, 'a stored setting does not fit and is not used')
      return undefined
    }
  }

  return {
    get,
    set(changes) {
      context.assertWritable()
      context.database.transaction(() => {
        for (const key of keys) {
          if (changes[key] !== undefined) upsert.run(key, JSON.stringify(changes[key]))
        }
      })
      context.changed({ topic: 'settings', id: null })
      return get()
    },
    reset() {
      context.assertWritable()
      context.database.transaction(() => {
        for (const key of keys) remove.run(key)
      })
      context.changed({ topic: 'settings', id: null })
      return get()
    },
  }
}

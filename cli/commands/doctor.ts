import { verb } from '../command.ts'
import { table } from '../format.ts'

export const doctor = verb({
  name: 'doctor',
  words: '',
  summary: 'look whether everything works: runtime, database, files, disk, processes, models',
  options: [{ name: 'mend', value: 'CHECK', summary: 'do the repair that a check offers' }],
  examples: ['doctor', 'doctor --mend leftovers'],
  async run({ client, options }) {
    const { doctor: calls } = await client()
    const mend = options.text('mend')
    const mended = mend === undefined ? null : await calls.mend({ name: mend })
    const { ok, checks } = mended === null ? await calls.run() : { ok: mended.ok, checks: [mended] }
    const hints = checks.filter(({ hint, ok: isFine }) => hint !== '' && !isFine)
    return {
      json: { ok, checks },
      text: [
        table(
          ['check', '', 'found'],
          checks.map((check) => [check.name, check.ok ? 'ok' : 'FAILED', check.detail]),
        ),
        ...hints.map(({ name, hint }) => `${name}: ${hint}`),
      ].join('\n'),
      exitCode: ok ? 0 : 1,
    }
  },
})

import * as z from 'zod'
import { cardState, cardTexts } from '../domain/model-card.ts'
import { digest } from '../domain/values.ts'
import { command, query } from './base.ts'

/** `name`, `name/3`, `name@alias`, or the id of a version. */
const model = z.object({ model: z.string().min(1) })

export const cardsContract = {
  cards: {
    /** The card as it stands, or as it was at a revision. */
    get: query('models:read', '/model-cards/{+model}')
      .input(model.extend({ revision: z.coerce.number().int().min(1).optional() }))
      .output(cardState),
    /** Adds a revision with other texts; CONFLICT where `revision` is not the newest by then. */
    update: command('models:write', '/model-cards', 'PATCH')
      .input(model.extend({ revision: z.int().min(0), texts: cardTexts.partial() }))
      .output(cardState),
    /** The card as a file: at the path `out`, or as a download. */
    export: command('models:read', '/model-cards/export')
      .input(
        model.extend({
          format: z.enum(['html', 'pdf', 'json']),
          revision: z.int().min(1).optional(),
          out: z.string().optional(),
        }),
      )
      .output(z.object({ path: z.string(), bytes: z.int(), digest, href: z.string().nullable() })),
  },
}

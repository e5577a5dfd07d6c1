import { procedures } from '../procedures.ts'

export const doctorRouter = {
  run: procedures.doctor.run.handler(({ context }) => context.app.doctor.run()),
  mend: procedures.doctor.mend.handler(({ input, context }) => context.app.doctor.mend(input.name)),
}

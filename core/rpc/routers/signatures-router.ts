import { procedures } from '../procedures.ts'

export const signaturesRouter = {
  sign: procedures.signatures.sign.handler(({ input, context }) =>
    context.app.signatures.sign(input.folder, input.out, context.actor),
  ),
  verify: procedures.signatures.verify.handler(async ({ input, context }) => {
    const { findings, ...verdict } = await context.app.signatures.verify(input.bundle, input.folder, input.publicKey)
    return { ...verdict, findings: [...findings] }
  }),
}

import { MaestroError } from '../../../shared/errors.ts'
import type { Delivery } from '../../egress/delivery.ts'
import type { EgressGate } from '../../egress/egress-gate.ts'
import { postJson } from '../../egress/post-json.ts'
import { sendMail } from '../../egress/send-mail.ts'
import type { DestinationRow } from './destination-rows.ts'
import type { DestinationSecrets } from './destination-secrets.ts'

/**
 * Sends one message to one destination, through the gate. Throws POLICY_REFUSED where it may not leave, KEY_LOCKED or
 * another error of the key store, DeliveryRejected for a final no, and whatever the network throws.
 */
export async function deliver(
  gate: EgressGate,
  secrets: Pick<DestinationSecrets, 'open'>,
  destination: DestinationRow,
  message: Delivery,
): Promise<void> {
  const { options, name, host, port } = destination
  const secret = await secrets.open(destination)
  const delivery = options.includesText ? message : { ...message, text: '' }
  const purpose = { destination: name, host, port, kind: message.kind, messageId: message.id }
  const certificates = certificatesOf(options.certificates)
  switch (options.kind) {
    case 'email':
      return gate.through(purpose, async (socket) =>
        sendMail(socket, { ...options, password: secret, certificates }, delivery),
      )
    case 'slack':
      return gate.through(purpose, async (socket) =>
        postJson(
          socket,
          { text: slackText(delivery) },
          { url: secret ?? '', idempotencyKey: delivery.id, certificates },
        ),
      )
    case 'webhook':
      return gate.through(purpose, async (socket) =>
        postJson(socket, webhookBody(delivery), {
          url: options.url,
          idempotencyKey: delivery.id,
          signingKey: secret,
          certificates,
        }),
      )
  }
}

function webhookBody({ id, kind, title, text, href, time }: Delivery): object {
  return { id, kind, title, ...(text === '' ? {} : { text }), href, time }
}

/** Three characters mean something to it: https://docs.slack.dev/messaging/formatting-message-text */
function slackText({ title, text }: Delivery): string {
  const plain = (part: string) => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return text === '' ? plain(title) : `${plain(title)}\n${plain(text)}`
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** Each certificate of a PEM text. Throws INPUT_INVALID where there is a text, but no certificate in it. */
export function certificatesOf(pem: string | undefined): string[] | undefined {
  if (pem === undefined || pem.trim() === '') return undefined
  const found = pem.match(certificate)
  if (found) return [...found]
  throw new MaestroError('INPUT_INVALID', 'There is no certificate in this text.', 'It begins with BEGIN CERTIFICATE.')
}

/** What is sent: the words of a notice, with the number that the receiver knows a repetition by. */
export interface Delivery {
  /** Of the message in the outbox: the same each time that it is tried. */
  readonly id: string
  readonly kind: string
  readonly title: string
  /** Empty where the destination is not to have it. */
  readonly text: string
  /** The page in the window. */
  readonly href: string
  readonly time: string
}

/** The receiver has said no: the same message will not be taken later either. */
export class DeliveryRejected extends Error {
  override readonly name = 'DeliveryRejected'
}

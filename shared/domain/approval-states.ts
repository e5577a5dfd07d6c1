/** The states of an approval, in the order in which it goes through them. */
export const approvalStates = ['submitted', 'review', 'testing', 'approved', 'rejected', 'deployed'] as const
export type ApprovalState = (typeof approvalStates)[number]

/** Where an approval may go from each state; every other pair is refused. */
const successors: Readonly<Record<ApprovalState, readonly ApprovalState[]>> = {
  submitted: ['review'],
  review: ['testing', 'rejected'],
  testing: ['approved', 'rejected'],
  approved: ['deployed'],
  rejected: [],
  deployed: [],
}

/** What ends an approval in whatever state it is: no state, but nothing may follow. */
export const approvalClosures = ['withdrawn', 'expired', 'voided', 'revoked'] as const
export type ApprovalClosure = (typeof approvalClosures)[number]

/** Where an approval stands. `closed` says why it no longer counts; null while it does. */
export interface ApprovalStanding {
  readonly state: ApprovalState
  readonly closed: ApprovalClosure | null
}

export type ApprovalEvent =
  /** To another state. A rejection needs a reason. */
  | { readonly kind: 'moved'; readonly to: ApprovalState; readonly reason: string }
  /** The submitter takes it back, before it is decided. */
  | { readonly kind: 'withdrawn' }
  /** Its time has passed: of the submission, or of the approval. */
  | { readonly kind: 'expired' }
  /** What was submitted has changed since. */
  | { readonly kind: 'voided' }
  /** An approval is taken back. */
  | { readonly kind: 'revoked' }
  /** Another version took its place in a slot, or gave it back. */
  | { readonly kind: 'superseded' | 'rolled-back' }
  | { readonly kind: 'commented' }

export type ApprovalStep =
  | { readonly ok: true; readonly standing: ApprovalStanding }
  | { readonly ok: false; readonly reason: string }

export function isAllowedMove(from: ApprovalState, to: ApprovalState): boolean {
  return successors[from].includes(to)
}

/** Where an approval stands after an event, or why the event is refused. Changes nothing itself. */
export function applyApprovalEvent(standing: ApprovalStanding, event: ApprovalEvent): ApprovalStep {
  if (event.kind === 'commented') return { ok: true, standing }
  if (standing.closed !== null) return refused(`It was ${standing.closed}, so nothing more can be done with it.`)
  switch (event.kind) {
    case 'moved':
      return move(standing, event.to, event.reason)
    case 'withdrawn':
      return close(standing, event.kind, isUndecided(standing.state), 'Only what is not decided yet can be withdrawn.')
    case 'expired':
    case 'voided':
      return close(
        standing,
        event.kind,
        standing.state !== 'rejected',
        `What is rejected is not ${event.kind} any more.`,
      )
    case 'revoked':
      return close(standing, event.kind, isGranted(standing.state), 'Only an approval that was given can be revoked.')
    case 'superseded':
    case 'rolled-back':
      return standing.state === 'deployed'
        ? { ok: true, standing }
        : refused(`What is not deployed (it is ${standing.state}) cannot be ${event.kind}.`)
  }
}

/** Whether it still waits for a decision. */
export function isUndecided(state: ApprovalState): boolean {
  return state === 'submitted' || state === 'review' || state === 'testing'
}

/** Whether an approval was given. */
export function isGranted(state: ApprovalState): boolean {
  return state === 'approved' || state === 'deployed'
}

function move(standing: ApprovalStanding, to: ApprovalState, reason: string): ApprovalStep {
  if (!isAllowedMove(standing.state, to)) {
    const next = successors[standing.state]
    const allowed = next.length === 0 ? 'nowhere' : `only to ${next.join(' or ')}`
    return refused(`It is ${standing.state} and can go ${allowed}, not to ${to}.`)
  }
  if (to === 'rejected' && reason.trim() === '') return refused('A rejection needs a reason.')
  return { ok: true, standing: { state: to, closed: null } }
}

function close(
  { state }: ApprovalStanding,
  closed: ApprovalClosure,
  isAllowed: boolean,
  otherwise: string,
): ApprovalStep {
  return isAllowed ? { ok: true, standing: { state, closed } } : refused(otherwise)
}

function refused(reason: string): ApprovalStep {
  return { ok: false, reason }
}

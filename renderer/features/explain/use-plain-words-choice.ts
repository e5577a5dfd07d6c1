import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { readRemembered, remember } from '../../ui/remembered.ts'

const rememberedAs = 'explain-plain-words'
/** They judge models that others made. */
const judges: ReadonlySet<string> = new Set(['reviewer', 'approver'])

/** Whether explanations are shown in plain words: as last chosen in this browser, else on for reviewers and approvers. */
export function usePlainWordsChoice(): readonly [plain: boolean, choose: (plain: boolean) => void] {
  const client = useClient()
  const [chosen, setChosen] = useState(() => {
    const before = readRemembered(rememberedAs)
    return typeof before === 'boolean' ? before : null
  })
  // Who has no key yet has no role to go by.
  const own = useQuery({
    queryKey: ['keys'],
    queryFn: () => client.keys.show(),
    retry: false,
    enabled: chosen === null,
  })
  const choose = (plain: boolean) => {
    setChosen(plain)
    remember(rememberedAs, plain)
  }
  return [chosen ?? judges.has(own.data?.identity.role ?? ''), choose]
}

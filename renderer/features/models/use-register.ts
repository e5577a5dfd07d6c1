import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { followJob } from '../../api/follow-job.ts'
import { uploadFile } from '../../api/upload.ts'
import type { SampleChoice } from './sample-fields.tsx'
import { noSample } from './sample-fields.tsx'

/** What a version can be made of. */
type RegisterSource = { readonly runId: string } | { readonly path: string } | { readonly upload: string }

interface RegisterRequest {
  readonly name: string
  readonly description: string
  /** Given at once, or, for a file, once it has been sent. */
  readonly source: RegisterSource | ((onProgress: (share: number) => void) => Promise<RegisterSource>)
  /** Of a file: what it is tried on. */
  readonly trial?: SampleChoice
}

/** Registers a version, shows how far it is, and opens its page unless `staysHere`. */
export function useRegister(onRegistered: () => void, staysHere = false) {
  const client = useClient()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<{ readonly fraction: number; readonly title: string } | null>(null)
  const register = useMutation({
    mutationFn: async ({ name, description, source, trial = noSample }: RegisterRequest) => {
      const sent =
        typeof source === 'function'
          ? await source((share) => setProgress({ fraction: share, title: 'Sending the file' }))
          : source
      const { sample, target, native } = trial
      const { job } = await client.models.register({
        name: name.trim(),
        source: sent,
        description,
        ...(sample === null ? {} : { sample }),
        ...(target === null ? {} : { target }),
        ...(native === null ? {} : { nativePredictions: { upload: await uploadFile(native, () => undefined) } }),
      })
      const result = await followJob(client, job.id, ({ fraction, title, detail }) =>
        setProgress({ fraction, title: `${title} ${detail}` }),
      )
      return result as { name: string; version: number }
    },
    onSuccess: async ({ name, version }) => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      onRegistered()
      if (!staysHere) await navigate({ to: '/models/$name/$version', params: { name, version: String(version) } })
    },
    onSettled: () => setProgress(null),
  })
  return { register, progress }
}

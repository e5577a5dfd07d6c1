import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ModelSummary } from '../../../shared/domain/models.ts'
import { useClient } from '../../api/client-context.tsx'
import { usePathParameters } from '../../routes/parameters.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { useMetricNames } from '../../ui/metric-names.tsx'
import { offerUndo } from '../../ui/offer-undo.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { SlotsCard } from '../approvals/slots-card.tsx'
import { versionColumns } from './version-columns.tsx'

export function ModelPage() {
  const { name } = usePathParameters()
  const client = useClient()
  const model = useQuery({ queryKey: ['models', name], queryFn: () => client.models.get({ name }) })
  return <Loaded query={model}>{(data) => <ModelView model={data} />}</Loaded>
}

function ModelView({ model }: { readonly model: ModelSummary }) {
  const client = useClient()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const columns = versionColumns(useMetricNames())
  const { version, aliases, state, learner, score, metric, digest, created } = columns
  const [description, setDescription] = useState(model.description)
  const failed = tellFailure()
  const save = useMutation({
    mutationFn: () => client.models.update({ model: model.name, description }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['models'] }),
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: () => client.models.delete({ model: model.name }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      offerUndo(`${model.name} is in the trash.`, () =>
        client.models.restore({ model: model.name }).then(() => queries.invalidateQueries({ queryKey: ['models'] })),
      )
      await navigate({ to: '/models' })
    },
    onError: failed,
  })
  return (
    <>
      <PageHead
        title={model.name}
        parents={[{ label: 'Models', to: '/models' }]}
        beside={<Text size="sm">{model.versionCount} versions</Text>}
        actions={
          <>
            {model.versions.length > 1 && (
              <Button
                variant="default"
                onClick={() =>
                  void navigate({
                    to: '/compare-versions',
                    search: { a: usualBaseline(model), b: `${model.name}/${model.latestVersion}` },
                  })
                }
              >
                Compare versions
              </Button>
            )}
            <Button variant="default" onClick={() => remove.mutate()}>
              Move to the trash
            </Button>
          </>
        }
      />
      <Stack>
        <Group align="flex-end">
          <Textarea
            label="What it is for"
            description="Markdown"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            autosize
            minRows={1}
            style={{ flex: 1 }}
          />
          <Button
            variant="default"
            disabled={description === model.description}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
        </Group>
        {description.trim() !== '' && (
          <section className="card" aria-label="What it is for, as it looks">
            <Markdown text={description} />
          </section>
        )}
        <SlotsCard model={model.name} />
        <DataTable
          label="Versions"
          rows={model.versions}
          rowKey={(row) => row.id}
          onOpen={(row) =>
            void navigate({ to: '/models/$name/$version', params: { name: row.name, version: String(row.version) } })
          }
          columns={[version, aliases, state, learner, score, metric, digest, created]}
        />
      </Stack>
    </>
  )
}

/** What the latest version would replace: the one in production, else the one before it. */
function usualBaseline({ name, latestVersion, versions }: ModelSummary): string {
  const older = versions.filter(({ version }) => version !== latestVersion)
  const found = older.find(({ aliases }) => aliases.includes('production')) ?? older[0]
  return found ? `${name}/${found.version}` : ''
}

import { Alert, Anchor, Badge, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { CardRisk, ModelCard } from '../../../shared/domain/model-card.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { MetricLabel } from '../../ui/metric-names.tsx'
import { EstimateText, formatNumber, RelativeTime } from '../../ui/numbers.tsx'

/** What the card says. Its charts are on the tabs Performance and Explain, and in the files that it is saved as. */
export function CardView({ card }: { readonly card: ModelCard }) {
  const { texts, risks, identity } = card
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Part title="What it is for">
          <Words text={texts.intendedUse} />
          <Text size="sm" mt="xs">
            Owner: {texts.owner === '' ? 'nobody is named' : texts.owner}. It predicts{' '}
            <strong>{identity.target}</strong> ({identity.task}).
          </Text>
        </Part>
        <Part title="What it is not for">
          <Words text={texts.outOfScopeUse} />
        </Part>
      </SimpleGrid>
      <Part title="Limits and risks">
        {texts.limits.trim() !== '' && <Markdown text={texts.limits} />}
        <Stack gap="xs" mt="xs">
          {risks.map((risk) => (
            <RiskLine key={`${risk.code} ${risk.message}`} risk={risk} />
          ))}
          {risks.length === 0 && <Text size="sm">Nothing in the numbers stands out as a risk.</Text>}
        </Stack>
      </Part>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <PerformancePart card={card} />
        <ExplanationPart card={card} />
      </SimpleGrid>
      <DataPart card={card} />
      {texts.notes.trim() !== '' && (
        <Part title="Notes">
          <Markdown text={texts.notes} />
        </Part>
      )}
      <Part title="Change log">
        <Table aria-label="Change log">
          <Table.Tbody>
            {[...card.changes].reverse().map(({ revision, time, actor, what }) => (
              <Table.Tr key={revision}>
                <Table.Td w={90}>{revision}</Table.Td>
                <Table.Td>
                  {actor} {what}
                </Table.Td>
                <Table.Td ta="right">
                  <RelativeTime time={time} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Part>
    </Stack>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <Text fw={600} component="h3" m={0} mb={4}>
        {title}
      </Text>
      {children}
    </section>
  )
}

function Words({ text }: { readonly text: string }) {
  return text.trim() === '' ? (
    <Text size="sm" c="dimmed">
      Nothing has been written here yet.
    </Text>
  ) : (
    <Markdown text={text} />
  )
}

const looks = {
  info: { color: 'gray', icon: <IconInfoCircle />, word: 'Note' },
  warning: { color: 'yellow', icon: <IconAlertTriangle />, word: 'Warning' },
  error: { color: 'red', icon: <IconAlertOctagon />, word: 'Problem' },
} as const

function RiskLine({ risk: { severity, message, hint, source } }: { readonly risk: CardRisk }) {
  const { color, icon, word } = looks[severity]
  return (
    <Alert color={color} variant="light" icon={icon} title={`${word}: ${message}`} p="xs">
      {hint}{' '}
      {source && (
        <Anchor href={source} target="_blank" rel="noopener noreferrer" size="sm" c="inherit">
          {source}
        </Anchor>
      )}
    </Alert>
  )
}

function PerformancePart({ card: { performance } }: { readonly card: ModelCard }) {
  if (performance === null) return <Part title="How good it is">It was not judged on rows that it had not seen.</Part>
  const { basis, rows, metrics, slices } = performance
  return (
    <Part title="How good it is">
      <Text size="xs" c="dimmed">
        {rows.toLocaleString('en')} rows that it had not seen: {basis}
      </Text>
      <Table aria-label="Metrics with their intervals">
        <Table.Tbody>
          {metrics.map(({ name, estimate }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <MetricLabel name={name} />
              </Table.Td>
              <Table.Td ta="right">
                <EstimateText estimate={estimate} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {slices.length > 0 && (
        <Table aria-label="Groups that it predicts worst" mt="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Predicted worst</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th ta="right">{slices[0]?.metric}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {slices.slice(0, 5).map(({ column, value, rows: count, estimate }) => (
              <Table.Tr key={`${column} ${value}`}>
                <Table.Td>
                  {column}: {value}
                </Table.Td>
                <Table.Td ta="right" className="numeric">
                  {count}
                </Table.Td>
                <Table.Td ta="right">
                  <EstimateText estimate={estimate} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  )
}

function ExplanationPart({ card: { explanation, importance } }: { readonly card: ModelCard }) {
  if (explanation === null) return <Part title="What drives it">No explanation is stored with it.</Part>
  return (
    <Part title="What drives it">
      <Text size="sm">{explanation.reading}</Text>
      <Table aria-label="Share of each column">
        <Table.Tbody>
          {explanation.features.slice(0, 10).map(({ name, share }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="right" className="numeric">
                {formatNumber(100 * share)}%
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {importance && (
        <Text size="sm" mt="xs">
          {importance.reading}
        </Text>
      )}
    </Part>
  )
}

function DataPart({ card: { data } }: { readonly card: ModelCard }) {
  if (data === null) return <Part title="Data">What it learned from is not known here.</Part>
  return (
    <Part title="Data">
      <Text size="sm">
        {data.name} / {data.version}, read from {data.source}: {data.rows.toLocaleString('en')} rows
      </Text>
      <Table.ScrollContainer minWidth={500} mah={360}>
        <Table aria-label="Columns of the data">
          <Table.Thead>
            <Table.Tr>
              {['Column', 'Type', 'Role', 'Missing', 'Values'].map((title) => (
                <Table.Th key={title}>{title}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.columns.map(({ name, type, role, missing, summary }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>{type}</Table.Td>
                <Table.Td>
                  <Badge size="xs" variant="light" color={role === 'unused' ? 'gray' : 'blue'} tt="none">
                    {role}
                  </Badge>
                </Table.Td>
                <Table.Td>{missing}</Table.Td>
                <Table.Td>{summary}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Part>
  )
}

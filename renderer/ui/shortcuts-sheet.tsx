import { Kbd, Modal, Table } from '@mantine/core'
import { footPlaces, places } from './places.ts'
import { showShortcuts, useWindowState } from './window-state.ts'

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [string, readonly string[]])[] }[] =
  [
    {
      title: 'Everywhere',
      keys: [
        ['Search everything, and do things', ['Ctrl/Cmd', 'K']],
        ['Show this list', ['?']],
        ['Show the jobs', ['J']],
        ...[...places, ...footPlaces].map(
          ({ label, letter }) => [`Go to ${label}`, ['G', letter.toUpperCase()]] as const,
        ),
      ],
    },
    {
      title: 'In a table',
      keys: [
        ['Go through the rows', ['↑', '↓', 'Page up', 'Page down', 'Home', 'End']],
        ['Open the row', ['Enter']],
        ['Select the row', ['Space']],
        ['Select up to here', ['Shift', 'Space']],
        ['Select row after row', ['Shift', '↑ ↓']],
        ['Select all', ['Ctrl/Cmd', 'A']],
        ['Copy the row or the selection', ['Ctrl/Cmd', 'C']],
        ['Select none', ['Escape']],
      ],
    },
    {
      title: 'In a chart',
      keys: [
        ['Go through the points', ['← →']],
        ['Go through them in larger steps', ['Page up', 'Page down']],
        ['First and last point', ['Home', 'End']],
      ],
    },
  ]

/** Every key that does something. */
export function ShortcutsSheet() {
  const opened = useWindowState((state) => state.shortcutsOpen)
  return (
    <Modal
      opened={opened}
      onClose={() => showShortcuts(false)}
      title="Keyboard shortcuts"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close the shortcuts' }}
    >
      {groups.map(({ title, keys }) => (
        <Table key={title} aria-label={title} mb="md" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th colSpan={2}>{title}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map(([what, keysOf]) => (
              <Table.Tr key={what}>
                <Table.Td>{what}</Table.Td>
                <Table.Td ta="right">
                  {keysOf.map((key) => (
                    <Kbd key={key} ml={4}>
                      {key}
                    </Kbd>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ))}
    </Modal>
  )
}

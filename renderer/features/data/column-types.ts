/** The types of a column, as they are called on the screen. */
export const columnTypes = [
  { value: 'number', label: 'number' },
  { value: 'category', label: 'category' },
  { value: 'text', label: 'text' },
  { value: 'datetime', label: 'date-time' },
  { value: 'boolean', label: 'yes or no' },
  { value: 'id', label: 'identifier' },
]

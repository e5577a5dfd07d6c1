import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A program of this folder that answers each line of JSON with one. */
export interface PythonPeer {
  /** What it said when it was ready. */
  readonly greeting: unknown
  ask(question: unknown): Promise<unknown>
  end(): void
}

/** One thread for the libraries that it computes with. */
export const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }

/**
 * Starts it in the Python that MAESTRO_PYTHON names (default python3), with what is `given` as arguments. Throws where it
 * ends before it answers.
 */
export async function startPythonPeer(
  script: string,
  given: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<PythonPeer> {
  const child = spawn(process.env.MAESTRO_PYTHON ?? 'python3', [join(import.meta.dirname, script), ...given], {
    env: { ...process.env, ...environment },
  })
  child.stderr.pipe(process.stderr)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => {
    const line = await lines.next()
    if (line.done) throw new Error(`${script} did not answer. Set MAESTRO_PYTHON to a Python that has what it imports.`)
    return JSON.parse(line.value) as unknown
  }
  return {
    greeting: await read(),
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      return read()
    },
    end: () => child.stdin.end(),
  }
}

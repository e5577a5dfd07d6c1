import { setFlagsFromString } from 'node:v8'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { type entrySources, entryUrl } from './entries.ts'

/**
 * Starts the thread that lies behind an entry. Threads are started here and nowhere else.
 *
 * V8 13 (Node 24) frees WebAssembly wrappers, which all threads share, while another thread takes them up again, and
 * ends the process (V8's bug 407003348, nodejs/node#64500). Each thread that starts from TypeScript runs Node's own type
 * stripper, which is WebAssembly: 72 short searches freed such code 93 times. So V8 keeps what it would free, less than
 * a megabyte. Not before there is a thread: code cached by a process with other flags is compiled anew.
 */
export function startThread(name: keyof typeof entrySources, options: WorkerOptions = {}): Worker {
  setFlagsFromString('--no-wasm-code-gc')
  return new Worker(entryUrl(name), options)
}

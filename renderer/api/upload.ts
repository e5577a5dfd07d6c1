import { errorOfAnswer } from './errors.ts'

/** Sends a file to the host; gives the upload's name. `onProgress` is told the share sent. Throws what the host says. */
export function uploadFile(file: File, onProgress: (share: number) => void, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      if (request.status >= 200 && request.status < 300)
        resolve((JSON.parse(request.responseText) as { upload: string }).upload)
      else reject(errorOfAnswer(request.status, request.responseText))
    }
    request.onerror = () => reject(new Error('The file could not be sent: the host does not answer.'))
    request.onabort = () => reject(new Error('Cancelled.'))
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

/** Saves something made in the page as a file. */
export function saveText(name: string, type: string, text: string): void {
  saveUrl(name, URL.createObjectURL(new Blob([text], { type })))
}

/** Follows an address of the host's, or of the page's own, as a download. */
export function saveUrl(name: string, url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  if (url.startsWith('blob:')) setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Where a stored file is offered as a download under a name. */
export function fileHref(digest: string, name: string): string {
  return `/files/${digest.replace('sha256:', '')}/${encodeURIComponent(name)}`
}

import { createPublicKey } from 'node:crypto'
import type { PackageEntry } from '../../packages/package-file.ts'
import { readEnvelope } from '../../trust/dsse.ts'
import { fingerprintOf } from '../../trust/signing-keys.ts'
import { logFile, signerFile } from './decision-files.ts'
import type { VersionPack } from './pack-content.ts'

/** What lies in a version's evidence pack, and the commands that verify it without Maestro. */
export function versionReadMe(pack: VersionPack, files: readonly PackageEntry[]): string {
  const names = new Set(files.map(({ name }) => name))
  return [
    `# Evidence for ${pack.label}`,
    '',
    'Everything that was decided about this version of a model, on which evidence, by whom, and how to check it without the',
    'program that made it. Nothing here needs a network. Commands are run in the folder into which this file was unpacked.',
    '',
    '## What is here',
    '',
    '| file | what it is |',
    '|---|---|',
    '| card/ | the model card: what it is for, how good it is, its limits |',
    '| items/ | the model itself and its evidence, each file as it is now |',
    '| approvals/N/ | each submission, newest first: what was frozen (manifest), the policy then, the signed decisions |',
    '| policy-now.json | the rules in force when this was written |',
    '| lineage.json | what the version came from, and what came of it |',
    '| keys/ | public keys, and whose they are from when to when (keys.json) |',
    '| audit/ | what the audit log says about the version: slice.json for verifying, events.json for reading |',
    '| sha256sums.txt | the digest of every other file |',
    '',
    '## How to check it',
    '',
    'First compare the fingerprints in keys/keys.json with the people by another way (telephone, a printed list): a file',
    'cannot vouch for the keys that come with it. A fingerprint is the SHA-256 of the key in DER:',
    '',
    '```',
    'openssl pkey -pubin -in keys/FILE.pem -outform DER | sha256sum',
    '```',
    '',
    '1. Nothing was damaged on the way:',
    '',
    '```',
    'sha256sum -c sha256sums.txt',
    '```',
    '',
    ...approvalChecks(pack, names),
    ...auditChecks(pack),
    '## What it does not show',
    '',
    '- That no entry about the version was left out of the slice: the whole log shows that (maestro audit export).',
    '- Who holds the key of the audit log could cut its end back to the last checkpoint that somebody else keeps.',
    '- Names and words that were erased on request are gone; what was committed to in their stead still verifies.',
    '',
  ].join('\n')
}

function approvalChecks({ approvals }: VersionPack, names: ReadonlySet<string>): string[] {
  if (approvals.length === 0) return ['2. The version was never sent for approval: nobody has signed anything.', '']
  return approvals.flatMap(({ approval, envelopes }, index) => {
    const folder = `approvals/${index + 1}`
    const state = approval.closed === null ? approval.state : `${approval.state}, ${approval.closed}`
    const signatures = envelopes.map((envelope, at) => {
      const file = signerFile(readEnvelope(envelope).signatures[0]?.keyid ?? '')
      const decision = `${folder}/decisions/${at + 1}`
      return `openssl dgst -sha256 -verify ${file} -signature ${decision}.sig ${decision}.signed`
    })
    return [
      `2. Submission ${index + 1} (${state}), sent by ${approval.submitter} at ${approval.submittedAt}:`,
      '',
      ...(envelopes.length === 0
        ? ['Nobody has signed a decision on it.', '']
        : [
            'The signatures are good ("Verified OK"), and what was signed is the statement that you can read:',
            '',
            '```',
            ...signatures,
            `cat ${folder}/decisions/1.statement.json`,
            '```',
            '',
            'A .signed file is the statement behind the line "DSSEv1 LENGTH TYPE LENGTH" (https://github.com/secure-systems-lab/dsse);',
            'the same bytes in base64 are the payload of the .dsse.json file. Each statement names the digests of the manifest, of the',
            'model and of the policy:',
            '',
          ]),
      ...(names.has(`${folder}/manifest.json`)
        ? ['```', `sha256sum ${folder}/manifest.json`, `sha256sum -c ${folder}/manifest.sha256`, '```', '']
        : []),
      ...(names.has(`${folder}/policy.json`) ? ['```', `sha256sum ${folder}/policy.json`, '```', ''] : []),
      'The first line has to give the digest that the statements name as manifest.json; a line that FAILED is something that was',
      'changed after the submission. manifest.sha256 repeats the digests of manifest.json for sha256sum.',
      '',
    ]
  })
}

function auditChecks({ slice }: VersionPack): string[] {
  const keys = slice.keys.map((pem) => logFile(fingerprintOf(createPublicKey(pem))))
  const notes = [...(slice.tree === null ? [] : ['tree']), ...(slice.checkpoint === null ? [] : ['checkpoint'])]
  const [key = 'KEY.pem'] = keys.slice(-1)
  return [
    `3. The audit log had ${slice.size} entries; ${slice.entries.length} of them concern this version. Each carries the proof that it`,
    'is one of them (RFC 6962), so the others need not be shown:',
    '',
    '```',
    `maestro audit verify audit/slice.json${slice.tree === null ? '' : ` --key ${key}`}`,
    'python3 verify_slice.py audit/slice.json',
    '```',
    '',
    'The second is an independent verifier in another language, without any package: tests/golden/audit/verify_slice.py of the',
    'source. It takes the signature of the tree as given, which openssl checks:',
    '',
    ...(notes.length === 0
      ? ['The log has no key yet, so nobody signed the tree (maestro audit checkpoint makes one).', '']
      : [
          '```',
          ...notes.map(
            (note) =>
              `openssl pkeyutl -verify -pubin -inkey ${key} -rawin -in audit/${note}.signed -sigfile audit/${note}.sig`,
          ),
          '```',
          '',
        ]),
  ]
}

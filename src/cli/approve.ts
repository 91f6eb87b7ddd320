// `runbook approve`: shows what a colleague is about to do, and signs it with the SSH key that one has already. With
// `--countersign` it is what was done without a second person: the signature stands for having seen it.

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { formatDuration } from '../base/duration.ts';
import { RunbookError, systemCode } from '../base/runbookError.ts';
import { visibleText } from '../base/visibleText.ts';
import { type ApprovalRequest, parseApprovalRequest, requestBytes } from '../guard/approvalRequest.ts';
import { signedLine } from '../guard/signedApproval.ts';
import { type Purpose, signWithSsh } from '../guard/sshSignature.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printError } from './print.ts';
import { askYes } from './terminalQuestioner.ts';

export interface ApproveOptions {
  /** An SSH key: its file, or its public half where an agent holds it. */
  readonly key?: string;
  /** Where the answer goes, too. */
  readonly out?: string;
  /** It was done already, with a broken glass. */
  readonly countersign?: boolean;
}

/** The answer, one line, goes to stdout; all else to stderr. */
export async function approve(given: string, options: ApproveOptions): Promise<number> {
  const request = parseApprovalRequest(await textOf(given));
  const purpose = options.countersign ? 'countersign' : 'approval';
  await printError(`${told(request, purpose)}\n`);
  if (purpose === 'approval' && Date.parse(request.expiresAt) <= Date.now()) {
    throw new RunbookError({
      code: 'approval-expired',
      message: `The request was good until ${request.expiresAt}.`,
      mend: 'Ask for a new one.',
    });
  }
  const key = options.key ?? (await ownKey());
  // At a terminal a look at it comes first; a script that calls this has looked.
  if (process.stdin.isTTY && !(await askYes(`Sign this with ${key}? [y/N] `))) return exitStatus.refused;
  const signature = await signWithSsh(requestBytes(request), key, purpose);
  const line = signedLine({ request, signature }, purpose);
  if (options.out) await writeFile(options.out, `${line}\n`);
  await print(`${line}\n`);
  await printError(
    purpose === 'approval'
      ? 'Hand this line back to whoever asked: it is the signed answer.\n'
      : `Hand this line back, or record it yourself: runbook incident countersign ${request.incident} LINE\n`,
  );
  return exitStatus.done;
}

/** A file, or the line itself as it stood in the chat. */
async function textOf(given: string): Promise<string> {
  if (given.trim().startsWith('runbook-approval:')) return given;
  try {
    return await readFile(given, 'utf8');
  } catch (cause) {
    throw new RunbookError({
      code: 'approval-request-unreadable',
      message: `${given} can't be read${systemCode(cause) === 'ENOENT' ? ': there is no such file' : ''}.`,
      mend: 'Name the file of the request, or paste its line, in quotes.',
      cause,
    });
  }
}

/** For people. What is signed is shown in full; control characters can't hide any of it. */
export function told(request: ApprovalRequest, purpose: Purpose = 'approval'): string {
  const { target, runbook } = request;
  const isDone = purpose === 'countersign';
  const lines = [
    isDone
      ? `${request.requester} broke the glass, and asks you to countersign it`
      : `${request.requester} asks for your approval`,
    `  incident  ${request.incident}`,
    `  target    ${target.name}${target.namespace ? `, namespace ${target.namespace}` : ''}  (${target.server})`,
    `  runbook   ${path.basename(runbook.path)}  sha256 ${runbook.sha256.slice(0, 12)}`,
    `  reason    ${request.reason}`,
    isDone ? `  at        ${minute(request.createdAt)}` : `  until     ${minute(request.expiresAt)}`,
    ...(request.revertWithinMs === undefined
      ? []
      : [`  time box  to be taken back within ${formatDuration(request.revertWithinMs)}`]),
    isDone ? 'This was let through without a second person:' : 'They will run exactly this, once:',
    ...request.calls.map((call) => `    ${call.replaceAll('\n', '\n    ')}`),
  ];
  return lines.map(visibleText).join('\n');
}

/** `2026-11-22 11:30 UTC`. */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

/** The key that git signs with, else the first of the usual ones. */
async function ownKey(): Promise<string> {
  const { stdout } = await execa('git', ['config', '--get', 'user.signingkey'], { reject: false });
  const named = typeof stdout === 'string' ? stdout.trim() : '';
  const folder = path.join(process.env.HOME ?? os.homedir(), '.ssh');
  const files = [
    ...(named && !named.startsWith('key::') ? [named.replace(/^~\//, `${path.dirname(folder)}/`)] : []),
    ...['id_ed25519', 'id_ecdsa', 'id_ed25519_sk', 'id_ecdsa_sk', 'id_rsa'].map((name) =>
      path.join(folder, name),
    ),
  ];
  const found = files.find((file) => existsSync(file));
  if (found) return found;
  throw new RunbookError({
    code: 'no-signing-key',
    message: `No SSH key was found in ${folder}.`,
    mend: 'Name yours with --key FILE.',
  });
}

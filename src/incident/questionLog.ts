// A question in the log: what it showed before anybody is asked, so that one that nobody answers is there, too.

import { randomBytes } from 'node:crypto';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { Question } from './question.ts';

export interface LoggedQuestion {
  readonly id: string;
  /** @param reason of the one who said yes. */
  answered(answer: string, reason?: string): Promise<void>;
}

/** @param cell the run that it is about; empty where none is known. */
export async function logQuestion(
  writer: EvidenceWriter,
  { consent, title, lead, calls, target, why }: Question,
  cell: string,
): Promise<LoggedQuestion> {
  const id = `q-${randomBytes(6).toString('hex')}`;
  const run = cell ? { run: cell } : {};
  await writer.append({
    type: 'cell.question',
    question: id,
    ...run,
    kind: consent,
    text: title,
    shows: { calls, target: target ?? null, why: [...(lead ? [lead] : []), ...why] },
  });
  return {
    id,
    async answered(answer, reason) {
      await writer.append({
        type: 'cell.answer',
        question: id,
        ...run,
        answer,
        ...(reason ? { extra: { reason } } : {}),
      });
    },
  };
}

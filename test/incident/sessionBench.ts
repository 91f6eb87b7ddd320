// A notebook's session as the hosts start it, over a text, with somebody who answers by a script and keeps what was
// asked: for tests of the whole way from the cell to the evidence.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EvidenceEvent } from '../../src/evidence/events.ts';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import type { CellOutcome } from '../../src/incident/cellOutcome.ts';
import { Incident } from '../../src/incident/incident.ts';
import { NotebookSession } from '../../src/incident/notebookSession.ts';
import type { Answer, Question, Questioner, ValueRequest, ValuesGiven } from '../../src/incident/question.ts';
import { loadRunbook } from '../../src/incident/runbook.ts';
import type { UndoWish } from '../../src/incident/undoCell.ts';

type SessionContext = Parameters<typeof NotebookSession.start>[0];

/** Answers by its script; says yes and gives no value where it has none. */
export class ScriptedPerson implements Questioner {
  readonly questions: Question[] = [];
  readonly requests: (readonly ValueRequest[])[] = [];
  answer: (question: Question) => Answer | Promise<Answer> = (question) =>
    question.typed === undefined ? { yes: true } : { yes: true, typed: question.typed };
  give: (requests: readonly ValueRequest[]) => ValuesGiven = () => ({ values: new Map(), missing: 'stop' });

  async ask(question: Question): Promise<Answer> {
    this.questions.push(question);
    return this.answer(question);
  }

  async askValues(requests: readonly ValueRequest[]): Promise<ValuesGiven> {
    this.requests.push(requests);
    return this.give(requests);
  }

  async chooseOption(_title: string, options: readonly string[]): Promise<{ option: string }> {
    return { option: options[0]! };
  }
}

export interface SessionBench {
  readonly session: NotebookSession;
  readonly incident: Incident;
  readonly person: ScriptedPerson;
  /** The runbook's folder. */
  readonly folder: string;
  /** Runs the n-th code cell of the text, from 0. */
  run(
    text: string,
    at?: number,
    undo?: UndoWish,
  ): Promise<CellOutcome & { stdout: string; stderr: string; notices: string[] }>;
  events(): Promise<EvidenceEvent[]>;
}

export async function withNotebook(
  body: (bench: SessionBench) => Promise<void>,
  options: Partial<SessionContext> & {
    /** Environment of the session, over this process's. */
    readonly env?: Readonly<Record<string, string>>;
    readonly policy?: string;
    readonly folder?: string;
  } = {},
): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'notebook-'));
  const { policy, ...more } = options;
  const folder = options.folder ?? root;
  const policyFile = path.join(root, 'own-policy.yaml');
  if (policy !== undefined) await writeFile(policyFile, policy);
  const place = {
    flag: path.join(root, 'evidence'),
    env: { ...process.env, XDG_STATE_HOME: path.join(root, 'state') },
    tool: { name: 'test', version: '0' },
  };
  const incident = await Incident.open(place, { title: 'test', folder });
  const person = new ScriptedPerson();
  const session = await NotebookSession.start({
    incident,
    isTrusted: () => true,
    questioner: person,
    incidentLevel: () => null,
    ...(policy === undefined ? {} : { policyFile }),
    ...more,
    folder,
    env: { KUBECONFIG: '/nowhere', ...more.env },
  });
  try {
    await body({
      session,
      incident,
      person,
      folder,
      async run(text, at = 0, undo) {
        const runbook = loadRunbook(Buffer.from(text), path.join(folder, 'test.runbook.md'));
        const cell = runbook.cells.filter(({ cell }) => cell.kind === 'code')[at]!;
        const told = { stdout: '', stderr: '' };
        const notices: string[] = [];
        const outcome = await session.run(
          { runbook, cell, ...(undo ? { undo } : {}) },
          {
            output: (stream, bytes) => {
              told[stream] += Buffer.from(bytes).toString();
            },
            notice: (text) => notices.push(text),
          },
        );
        return { ...outcome, ...told, notices };
      },
      events: async () => (await readIncident(incident.folder)).events.map(({ event }) => event),
    });
  } finally {
    await session.dispose();
    await incident.leave();
    await rm(root, { recursive: true, force: true });
  }
}

/** A document with one bash cell. */
export const bash = (text: string): string => `# Test\n\n\`\`\`bash\n${text}\n\`\`\`\n`;

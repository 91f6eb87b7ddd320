// A session of a runbook's text in a folder of its own, under an incident of its own, as the hosts start one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { QueryPicture } from '../../src/base/queryPicture.ts';
import type { CellDisplay, CellOutcome } from '../../src/incident/cellOutcome.ts';
import { Incident } from '../../src/incident/incident.ts';
import { type CellRequest, NotebookSession } from '../../src/incident/notebookSession.ts';
import { sayNo } from '../../src/incident/question.ts';
import { loadRunbook, type Runbook, type RunbookCell } from '../../src/incident/runbook.ts';
import type { SessionContext } from '../../src/incident/sessionContext.ts';

export interface Ran {
  readonly outcome: CellOutcome;
  readonly stdout: string;
  readonly notices: readonly string[];
  /** Each that was shown while it ran. */
  readonly progress: readonly (string | undefined)[];
  readonly picture: QueryPicture | undefined;
}

export interface OpenSession {
  readonly session: NotebookSession;
  readonly runbook: Runbook;
  readonly incident: Incident;
  readonly folder: string;
  readonly evidence: string;
  /** The code cell with this text in it. */
  cell(text: string): RunbookCell;
  run(text: string, request?: Partial<CellRequest>): Promise<Ran>;
  close(): Promise<void>;
}

export async function openSession(
  text: string,
  context: Partial<SessionContext> = {},
  name = 'test.runbook.md',
): Promise<OpenSession> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'runbook-session-'));
  const evidence = path.join(folder, 'evidence');
  const file = path.join(folder, name);
  writeFileSync(file, text);
  const runbook = loadRunbook(Buffer.from(text), file);
  const place = {
    flag: evidence,
    env: { ...process.env, XDG_STATE_HOME: path.join(folder, 'state') },
    tool: { name: 'test', version: '0' },
  };
  const incident = await Incident.open(place, { title: 'A test', folder });
  const session = await NotebookSession.start({
    incident,
    folder,
    isTrusted: () => true,
    questioner: sayNo,
    incidentLevel: () => null,
    env: { KUBECONFIG: path.join(folder, 'no-kubeconfig') },
    ...context,
  });
  const cell = (wanted: string): RunbookCell => {
    const found = runbook.cells.find((one) => one.cell.kind === 'code' && one.cell.text.includes(wanted));
    if (!found) throw new Error(`no code cell holds ${wanted}`);
    return found;
  };
  return {
    session,
    runbook,
    incident,
    folder,
    evidence,
    cell,
    async run(wanted, request = {}) {
      let stdout = '';
      let picture: QueryPicture | undefined;
      const notices: string[] = [];
      const progress: (string | undefined)[] = [];
      const display: CellDisplay = {
        output: (stream, bytes) => {
          if (stream === 'stdout') stdout += Buffer.from(bytes).toString('utf8');
        },
        notice: (notice) => void notices.push(notice),
        progress: (told) => void progress.push(told),
        values: (values) => {
          picture = values;
        },
      };
      const outcome = await session.run({ runbook, cell: cell(wanted), ...request }, display);
      return { outcome, stdout, notices, progress, picture };
    },
    async close() {
      await session.dispose();
      await incident.leave();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

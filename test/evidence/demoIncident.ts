// An incident as it might have been: two people, three runs of which one failed, a question, an approval, a change
// of the cluster. For the review, the report and their pictures.

import path from 'node:path';
import type { EvidenceWriter } from '../../src/evidence/write/evidenceWriter.ts';
import { joinIncident, openIncident } from '../../src/evidence/write/openIncident.ts';
import type { Place } from './support.ts';

const deployment = (image: string, replicas: number): string =>
  [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: frontend',
    '  namespace: shop',
    'spec:',
    `  replicas: ${replicas}`,
    '  template:',
    '    spec:',
    '      containers:',
    '        - name: frontend',
    `          image: ${image}`,
    '',
  ].join('\n');

const target = { context: 'practice', namespace: 'shop', server: 'https://127.0.0.1:6443', production: true };

interface DemoCell {
  readonly run: string;
  readonly heading: string;
  readonly index: number;
  readonly source: string;
  readonly resolved?: string;
  readonly risk: string;
}

/** @param file the runbook's path, told in the log; the cells are those of `frontend.runbook.md`. */
export async function demoIncident(at: Place, file: string): Promise<{ readonly dir: string }> {
  const name = path.basename(file);
  const runbook = 'a'.repeat(64);
  const opening = { id: 'demo-1', title: 'Frontend down', severity: 'P1', alert: 'FrontendDown' };
  const ada = await openIncident(at.root, opening, at.options);
  await ada.append({ type: 'runbook.opened', runbook, title: name, extra: { name, path: file } });
  const begin = (writer: EvidenceWriter, cell: DemoCell): Promise<unknown> =>
    writer.append({
      type: 'cell.intent',
      run: cell.run,
      runbook,
      cell: { index: cell.index, headings: ['Frontend', cell.heading], language: 'bash', lines: [4, 7] },
      source: cell.source,
      ...(cell.resolved ? { resolved: cell.resolved } : {}),
      risk: cell.risk,
      target,
      cwd: path.dirname(file),
      alerts: ['FrontendDown'],
      severity: 'P1',
      extra: { name },
    });
  const look = { heading: 'Look', index: 1, source: 'kubectl get pods -n shop', risk: 'read' };
  await begin(ada, { ...look, run: 'r-look-1' });
  const pods =
    'NAME        READY   STATUS             RESTARTS\nfrontend-1  0/1     \x1b[31mCrashLoopBackOff\x1b[0m   7\n';
  await say(ada, 'r-look-1', 'stdout', pods);
  await end(ada, 'r-look-1', true, 180);
  await ada.append({ type: 'note', text: 'Looks like the `new` image. ![x](https://evil.example/x.png)' });
  await begin(ada, {
    run: 'r-logs',
    heading: 'Logs',
    index: 3,
    source: 'kubectl logs deploy/frontend -n <namespace> --previous',
    resolved: 'kubectl logs deploy/frontend -n shop --previous',
    risk: 'read',
  });
  await say(ada, 'r-logs', 'stderr', 'error: previous terminated container "frontend" not found\n');
  await end(ada, 'r-logs', false, 950);

  const grace = await joinIncident(at.root, 'demo-1', {
    ...at.options,
    actor: { user: 'grace', host: 'desk' },
  });
  const source = 'kubectl rollout undo deploy/frontend -n shop';
  const run = 'r-undo';
  const question = 'q-1';
  await grace.writer.append({
    type: 'cell.question',
    question,
    run,
    kind: 'type-name',
    text: 'Run “Roll back”?',
  });
  await grace.writer.append({
    type: 'cell.answer',
    question,
    run,
    answer: 'yes',
    extra: { reason: 'ada asked for it' },
  });
  await grace.writer.append({
    type: 'approval',
    request: question,
    decision: 'approved',
    run,
    by: 'ada',
    covers: [source],
  });
  await begin(grace.writer, { run, heading: 'Roll back', index: 5, source, risk: 'change' });
  await grace.writer.append({
    type: 'gate.call',
    call: 'g-1',
    run,
    argv: source.split(' '),
    risk: 'change',
    decision: 'shown before',
  });
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'frontend' };
  const before = await grace.writer.putText(deployment('shop/frontend:2.1.0', 3));
  await grace.writer.append({ type: 'object.before', run, object, target, blob: before.blob });
  await say(grace.writer, run, 'stdout', 'deployment.apps/frontend rolled back\n');
  const after = await grace.writer.putText(deployment('shop/frontend:2.0.4', 3));
  await grace.writer.append({ type: 'object.after', run, object, target, blob: after.blob });
  await end(grace.writer, run, true, 3100);
  await begin(ada, { ...look, run: 'r-look-2' });
  await say(ada, 'r-look-2', 'stdout', pods.replace('0/1', '1/1').replace('CrashLoopBackOff', 'Running'));
  await end(ada, 'r-look-2', true, 210);
  await ada.append({ type: 'alert.state', alert: 'FrontendDown', state: 'resolved' });
  await grace.writer.close();
  await ada.closeIncident('Rolled back to 2.0.4.');
  return { dir: path.join(at.root, 'demo-1') };
}

async function say(
  writer: EvidenceWriter,
  run: string,
  stream: 'stdout' | 'stderr',
  text: string,
): Promise<void> {
  const output = writer.output(run, stream);
  output.write(Buffer.from(text), 12);
  await output.end();
}

function end(writer: EvidenceWriter, run: string, ok: boolean, durationMs: number): Promise<unknown> {
  return writer.append({ type: 'cell.result', run, ok, exitCode: ok ? 0 : 1, durationMs });
}

// Starts the built `runbook run`, kills it with all that it started, and holds what it had told by then against what
// the incident holds when it is opened again.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EventOf, EvidenceEvent } from '../../src/evidence/events.ts';
import { blobReader } from '../../src/evidence/pack/blobReader.ts';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { openFolder } from '../../src/evidence/read/source.ts';
import { runKubectl } from '../practice/kubectl.ts';

const cli = path.resolve('dist/cli/runbook.js');
const reader = path.resolve('test/evidence/reader.py');
const namespace = 'rust-security';
const deployment = 'auth-service';

/** A runbook whose every cell leaves traces that somebody else can count: lines, objects of the cluster, files. */
function runbookText(mark: string): string {
  const cell = (title: string, text: string): string => `## ${title}\n\n\`\`\`bash\n${text}\n\`\`\`\n`;
  return [
    '# To be killed\n',
    cell(
      'Lines',
      'for i in $(seq 1 60); do echo "out $i of ${RANDOM}"; echo "err $i" >&2; sleep 0.005; done; seq 1 20000',
    ),
    cell('Files', 'seq 1 400 > numbers.txt\nsort -r numbers.txt > reversed.txt\ntail -n 2 reversed.txt'),
    cell(
      'Changes',
      `for i in 1 2 3; do kubectl annotate deployment/${deployment} -n ${namespace} ${mark}=$i --overwrite; done`,
    ),
    cell('Captures', `kubectl rollout restart deployment/${deployment} -n ${namespace}`),
    cell('More lines', 'for i in $(seq 1 200); do echo "line $i"; sleep 0.003; done'),
    // Asked, and with nobody there refused; what was begun to be captured for it goes on for a while.
    cell('Refused', `kubectl delete pod -n ${namespace} -l app=${deployment} --wait=false`),
  ].join('\n');
}

type Told = Readonly<Record<string, unknown>> & { readonly event: string };

export interface KilledRuns {
  /** How many processes were killed, how many of them before they told anything, and what was found of them. */
  readonly kills: number;
  /** Had ended before their moment came. */
  readonly late: number;
  readonly early: number;
  readonly torn: number;
  readonly interrupted: number;
  readonly events: number;
}

/** When a run is killed: counted from its start, from the first line that it tells, or from a cell's first output. */
export interface Moment {
  readonly since: 'start' | 'begin' | 'output';
  readonly ms: number;
}

/**
 * One incident in which `kills` runs are killed one after the other: the first opens it, the next ones join it, so that
 * recoveries are killed too.
 */
export async function killRuns(
  kubeconfig: string,
  mark: string,
  kills: number,
  moment: () => Moment,
): Promise<KilledRuns> {
  const folder = mkdtempSync(path.join(tmpdir(), 'killed-run-'));
  const env = {
    ...process.env,
    KUBECONFIG: kubeconfig,
    HOME: folder,
    RUNBOOK_EVIDENCE: path.join(folder, 'evidence'),
  };
  const work = path.join(folder, 'work');
  mkdirSync(work);
  writeFileSync(path.join(work, 'a.runbook.md'), runbookText(mark));
  const told: Told[][] = [];
  let early = 0;
  let late = 0;
  let torn = 0;
  let id: string | undefined;
  for (let kill = 0; kill < kills; kill += 1) {
    const args = ['run', 'a.runbook.md', '--json', ...(id ? ['--incident', id] : [])];
    const { lines, wasKilled } = await killed(args, { cwd: work, env, moment: moment() });
    await nothingLeft(folder);
    if (!wasKilled) late += 1;
    else if (lines.length === 0) early += 1;
    told.push(lines);
    id ??= await begun(env.RUNBOOK_EVIDENCE, lines, env);
    if (!id) continue;
    const { problems } = await verify(path.join(env.RUNBOOK_EVIDENCE, id), env);
    // What a torn line is, nobody can say before it is mended; all else holds as it was left.
    assert.deepEqual(
      problems.filter(({ code }) => code !== 'torn-line'),
      [],
      `as left, in ${folder}`,
    );
    torn += problems.length;
  }
  if (!id) {
    rmSync(folder, { recursive: true });
    return { kills: kills - late, late, early, torn, interrupted: 0, events: 0 };
  }
  const dir = path.join(env.RUNBOOK_EVIDENCE, id);
  const note = await runbook(['incident', 'note', id, 'and it goes on'], env);
  // Killed between its close and its end: such an incident takes addenda alone.
  const isClosed = note.code === 2 && /is closed, since/.test(note.stderr);
  const open = isClosed ? await runbook(['incident', 'addendum', id, '--text', 'and it goes on'], env) : note;
  assert.equal(open.code, 0, `${open.stderr} in ${folder}`);
  const { ok, problems } = await verify(dir, env);
  assert.ok(ok, `after the next open, in ${folder}: ${JSON.stringify(problems)}`);
  assert.equal(
    secondReader(await run('python3', [reader, dir], env)),
    true,
    `the second reader, in ${folder}`,
  );
  const { events, unread } = await readIncident(dir);
  assert.deepEqual(unread, [], folder);
  const all = events.map(({ event }) => event);
  const kept = await outputs(dir, all);
  for (const lines of told) holdAgainst(lines, all, kept, folder);
  await holdAgainstCluster(kubeconfig, mark, all, folder);
  const interrupted = tellsInterrupted(all, open.stderr, folder);
  rmSync(folder, { recursive: true });
  return { kills: kills - late, late, early, torn, interrupted, events: all.length };
}

/** Starts it in a process group of its own and kills the group, or in half of the cases itself alone. */
async function killed(
  args: readonly string[],
  { cwd, env, moment }: { cwd: string; env: NodeJS.ProcessEnv; moment: Moment },
): Promise<{ lines: Told[]; wasKilled: boolean }> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const kill = (): void => {
    try {
      process.kill(Math.random() < 0.5 ? -child.pid! : child.pid!, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  };
  let said = '';
  let timer = moment.since === 'start' ? setTimeout(kill, moment.ms) : undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (moment.since === 'begin' || said.includes('{"event":"output"')) timer ??= setTimeout(kill, moment.ms);
  });
  const ended = new Promise<boolean>((resolve) =>
    child.on('close', (_, signal) => resolve(signal === 'SIGKILL')),
  );
  const wasKilled = await ended;
  clearTimeout(timer);
  // The last line may be torn itself; only whole ones were acknowledged.
  const whole = said.split('\n').slice(0, -1);
  return { lines: whole.map((line) => JSON.parse(line) as Told), wasKilled };
}

/** The incident that a killed process left, told or not; a folder without an event is none, and no list shows it. */
async function begun(
  root: string,
  lines: readonly Told[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const listed = await runbook(['incident', 'status', '--json'], env);
  assert.equal(listed.code, 0, listed.stderr);
  const ids = (JSON.parse(listed.stdout) as { id: string }[]).map(({ id }) => id);
  if (ids.length > 0) return ids[0];
  assert.equal(lines.length, 0, `an incident was told and is not listed in ${root}`);
  for (const stillborn of existsSync(root) ? readdirSync(root) : []) {
    const { code, stderr } = await runbook(['incident', 'note', stillborn, 'x'], env);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /There is no incident|holds nothing: its process was killed/);
  }
  return undefined;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(program, args, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    ),
  );
}

const runbook = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  run(process.execPath, [cli, ...args], env);

async function verify(
  dir: string,
  env: NodeJS.ProcessEnv,
): Promise<{ ok: boolean; problems: { code: string; message: string }[] }> {
  const { code, stdout, stderr } = await runbook(['verify', dir, '--json'], env);
  const found = JSON.parse(stdout || 'null') as {
    ok: boolean;
    problems: { code: string; message: string }[];
  } | null;
  assert.ok(found, `verify says nothing: ${stderr}`);
  assert.equal(code, found.ok ? 0 : 1);
  return found;
}

const secondReader = ({ stdout }: Ended): boolean => (JSON.parse(stdout) as { ok: boolean }).ok;

/** What the incident holds of each run's streams, by `<run> <stream>`. */
async function outputs(dir: string, events: readonly EvidenceEvent[]): Promise<Map<string, string>> {
  const read = blobReader(await openFolder(dir));
  const kept = new Map<string, string>();
  for (const event of events) {
    const told =
      event.type === 'output.blob' ? [event] : event.type === 'writer.recovered' ? event.output : [];
    for (const { run: own, stream, blob } of told) {
      const key = `${own} ${stream}`;
      const text = (await read(blob.sha256, 1 << 26)) ?? '';
      assert.ok(!kept.has(key), `${key} is told twice`);
      kept.set(key, text);
    }
  }
  return kept;
}

function holdAgainst(
  lines: readonly Told[],
  events: readonly EvidenceEvent[],
  kept: ReadonlyMap<string, string>,
  folder: string,
): void {
  const shown = new Map<string, string>();
  for (const line of lines) {
    if (line.event === 'output') {
      const key = `${line.index} ${line.stream}`;
      shown.set(key, (shown.get(key) ?? '') + line.text);
    }
    if (line.event !== 'result' || line.run === null) continue;
    const result = events.find((one) => one.type === 'cell.result' && one.run === line.run);
    assert.ok(result?.type === 'cell.result', `the result of ${line.run} was told and is gone, in ${folder}`);
    assert.equal(result.ok, line.status === 'done', `${line.run} in ${folder}`);
    holdFiles(String(line.run), Number(line.index), events, folder);
  }
  const begin = lines.find((line) => line.event === 'begin');
  if (begin) assert.ok(events.some((one) => one.type === 'runbook.opened' || one.type === 'incident.opened'));
  const intents = events.filter((one): one is EventOf<'cell.intent'> => one.type === 'cell.intent');
  for (const [key, text] of shown) {
    const [index, stream] = key.split(' ');
    const runs = intents.filter(({ cell }) => cell.index === Number(index)).map((one) => one.run);
    // Several runs of one cell are in the incident: one of them showed this.
    assert.ok(
      runs.some((own) => kept.get(`${own} ${stream}`)?.startsWith(text)),
      `${stream} of cell ${index} was shown and is gone, in ${folder}: ${text.slice(-80)}`,
    );
  }
}

/** Of the cell that writes files, ended: both are there, with their text. */
function holdFiles(own: string, index: number, events: readonly EvidenceEvent[], folder: string): void {
  const intent = events.find((one) => one.type === 'cell.intent' && one.run === own);
  assert.ok(intent?.type === 'cell.intent' && intent.cell.index === index, `${own} in ${folder}`);
  if (!intent.cell.headings?.includes('Files')) return;
  const files = events.filter((one) => one.type === 'artifact' && one.run === own);
  assert.deepEqual(
    files.flatMap((one) => (one.type === 'artifact' ? [[one.path, one.kept]] : [])).sort(),
    [
      ['numbers.txt', 'copied'],
      ['reversed.txt', 'copied'],
    ],
    folder,
  );
}

/** What reached the cluster was in the log first, with what it replaced. */
async function holdAgainstCluster(
  kubeconfig: string,
  mark: string,
  events: readonly EvidenceEvent[],
  folder: string,
): Promise<void> {
  const { stdout } = await runKubectl(
    ['get', 'deployment', deployment, '-n', namespace, '-o', `jsonpath={.metadata.annotations.${mark}}`],
    { kubeconfig },
  );
  const calls = events.filter((one): one is EventOf<'gate.call'> => one.type === 'gate.call');
  if (stdout !== '') {
    const call = calls.find(({ argv }) => argv.includes(`${mark}=${stdout}`));
    assert.ok(call, `${mark}=${stdout} reached the cluster and not the log, in ${folder}`);
    const before = events.some((one) => one.type === 'object.before' && one.call === call.call);
    assert.ok(before, `what ${mark}=${stdout} replaced is not in the log, in ${folder}`);
  }
  for (const { run: own, argv } of calls.filter((one) => one.argv.includes('restart')))
    assert.ok(
      events.some((one) => one.type === 'capture' && one.run === own && one.ok),
      `${argv.join(' ')} went before its capture, in ${folder}`,
    );
}

/** Every intent without a result is named as interrupted, in the log and to the one who opens it. */
function tellsInterrupted(events: readonly EvidenceEvent[], stderr: string, folder: string): number {
  const ended = new Set(events.flatMap((one) => (one.type === 'cell.result' ? [one.run] : [])));
  const cut = events.flatMap((one) => (one.type === 'cell.intent' && !ended.has(one.run) ? [one.run] : []));
  const named = events.flatMap((one) => (one.type === 'writer.recovered' ? one.interrupted : []));
  assert.deepEqual(named.toSorted(), cut.toSorted(), folder);
  const last = events.findLast((one) => one.type === 'writer.recovered');
  if (last?.type === 'writer.recovered' && last.interrupted.length > 0 && stderr !== '')
    assert.match(stderr, /“[^”]+” was interrupted when the window or command|No cell was running/, folder);
  return cut.length;
}

/** Waits until no process of the run is left: the supervisor ends what the kill did not reach. */
async function nothingLeft(folder: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const end = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const left = readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(folder);
      } catch {
        return false;
      }
    });
    if (left.length === 0) return;
    assert.ok(Date.now() < end, `${left.join()} outlived the kill, in ${folder}`);
  }
}

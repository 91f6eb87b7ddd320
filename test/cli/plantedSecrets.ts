// Plants the corpus of secrets in what a real `runbook run` meets, and looks for them in all that it leaves behind.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { EventOf, EvidenceEvent } from '../../src/evidence/events.ts';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { lookAlikes, type Planted, secrets } from '../evidence/secretCorpus.ts';

const cli = path.resolve('dist/cli/runbook.js');
/** More than an undecided line is held for. */
const pauseS = 0.3;

/** A piece of text and where it came from; look-alikes have no secrets. */
export interface Text extends Planted {
  readonly index: number;
}

export const planted: readonly Text[] = secrets.map((one, index) => ({ ...one, index }));
export const innocent: readonly Text[] = lookAlikes.map((text, index) => ({
  name: `look-alike ${index}`,
  text,
  secrets: [],
  index: secrets.length + index,
}));

export interface Lane {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A home, a root and a folder of texts of its own; only `texts` and `work` may hold a secret. */
export function openLane(base: string, name: string, env: NodeJS.ProcessEnv = {}): Lane {
  const folder = path.join(base, name);
  for (const sub of ['work', 'texts', 'home', 'tmp', 'told'])
    mkdirSync(path.join(folder, sub), { recursive: true });
  for (const { index, text } of [...planted, ...innocent])
    writeFileSync(path.join(folder, 'texts', `${index}.txt`), text);
  const own = { RUNBOOK_EVIDENCE: path.join(folder, 'evidence'), TMPDIR: path.join(folder, 'tmp') };
  return { folder, env: { ...process.env, HOME: path.join(folder, 'home'), ...own, ...env } };
}

const fence = '``````';
const cell = (title: string, source: string): string =>
  `## ${title}\n\n${fence}bash\n${source}\n${fence}\n\n`;

/** Prints the text split at every offset, the rest 300 ms after the beginning, on both streams. */
export function splitCell({ index, name, text }: Text): string {
  const lines = [
    `LC_ALL=C; t=$(cat ../texts/${index}.txt; printf x)`,
    't=${t%x}',
    `for at in $(seq 1 ${Buffer.from(text).length - 1}); do`,
    '  printf %s "${t:0:at}"; printf %s "${t:0:at}" >&2',
    `  sleep ${pauseS}`,
    '  printf \'%s\\n\\n\' "${t:at}"; printf \'%s\\n\\n\' "${t:at}" >&2',
    'done',
  ];
  return cell(`Split ${index} ${name}`, lines.join('\n'));
}

/** What `splitCell` prints on each stream. */
export function splitOutput({ text }: Text): string {
  return `${text}\n\n`.repeat(Buffer.from(text).length - 1);
}

/** Plants the text in the source, an argument, an object, an artifact and names of files. */
export function plantCell(one: Text, lane: Lane): string {
  const { index, text } = one;
  const names = fileNames(one);
  for (const [at, name] of names.entries())
    writeFileSync(path.join(lane.folder, 'texts', `${index}.${at}.name`), name);
  const file = `../texts/${index}.txt`;
  return cell(
    `Plant ${index}`,
    [
      `cat > /dev/null <<'PLANTED'\n${text}\nPLANTED`,
      `kubectl annotate configmap base -n default "note-${index}=$(cat ${file})" --overwrite`,
      `kubectl create configmap planted-${index} -n default --from-file=text=${file}`,
      `cp ${file} out-${index}.txt`,
      ...names.map((_, at) => `touch -- "$(cat ../texts/${index}.${at}.name)"`),
    ].join('\n'),
  );
}

/** Under a telling name, and where the file system takes it the text itself. */
function fileNames({ index, text, secrets: [secret] }: Text): string[] {
  const whole = /[/\n\0]/.test(text) || Buffer.from(text).length > 200 ? [] : [`${index} ${text}`];
  return [...(secret ? [`token=${secret.replace(/[/\s\0"]/g, '_').slice(0, 200)}`] : []), ...whole];
}

export interface RunOfLane {
  readonly id: string;
  readonly events: readonly EvidenceEvent[];
  readonly dir: string;
  readonly results: readonly { readonly status: string; readonly message: string }[];
}

/** Runs the cells, then packs the incident; what both told lies in `told/`. */
export async function runLane(lane: Lane, cells: readonly string[]): Promise<RunOfLane> {
  const { folder } = lane;
  writeFileSync(path.join(folder, 'work', 'a.runbook.md'), `# Planted\n\n${cells.join('')}`);
  let { stdout, code } = await told(lane, 'run', ['run', 'a.runbook.md', '--json']);
  // On a busy machine a cell's text may take too long to be judged: then it is asked for, and nobody is there.
  for (let again = 0; code === 3 && again < 9; again += 1) {
    rmSync(path.join(folder, 'evidence'), { recursive: true });
    ({ stdout, code } = await told(lane, 'run', ['run', 'a.runbook.md', '--json']));
  }
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  const results = lines
    .filter(({ event }) => event === 'result')
    .map(({ status = '', message = '' }) => ({ status, message }));
  assert.equal(code, 0, `${folder}: ${JSON.stringify(results.at(-1))}`);
  assert.equal(results.length, cells.length);
  const id = lines[0]!.incident!;
  const pack = path.join(folder, 'a.zip');
  assert.equal((await told(lane, 'pack', ['pack', id, '--out', pack])).code, 0);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(pack)))) {
    const to = path.join(folder, 'pack', name);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, bytes);
  }
  const dir = path.join(folder, 'evidence', id);
  const { events } = await readIncident(dir);
  return { id, dir, results, events: events.map(({ event }) => event) };
}

async function told(
  { folder, env }: Lane,
  name: string,
  args: readonly string[],
): Promise<{ stdout: string; code: number | null }> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: path.join(folder, 'work'),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (chunk: string) => (text[stream] += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  for (const stream of ['stdout', 'stderr'] as const)
    writeFileSync(path.join(folder, 'told', `${name}.${stream}`), text[stream]);
  return { stdout: text.stdout, code };
}

/** Raw, URL-encoded, and in base64 wherever it begins within a group of three bytes. */
export function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((pad) => {
    const whole = Buffer.concat([Buffer.alloc(pad), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last character may hold bits of what stands beside it.
    const sure = whole.slice(pad === 0 ? 0 : pad + 1, (whole.length * 6) % 8 === 0 ? undefined : -1);
    return sure.length >= 10 ? [sure, sure.replaceAll('+', '-').replaceAll('/', '_')] : [];
  });
  const url = encodeURIComponent(secret);
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), url, url.toLowerCase(), ...base64])];
}

/** Where any secret stands in the names or bytes of the files below `folders`: `<secret>: <file>`. */
export function leaks(folders: readonly string[]): string[] {
  const wanted = planted.flatMap(({ name, secrets: own }) =>
    own.flatMap((secret) => spellings(secret).map((spelling) => ({ name, bytes: Buffer.from(spelling) }))),
  );
  const found: string[] = [];
  for (const file of folders.flatMap(filesBelow)) {
    const bytes = Buffer.concat([Buffer.from(`${file}\n`), readFileSync(file)]);
    for (const { name, bytes: spelling } of wanted) {
      const at = bytes.indexOf(spelling);
      if (at >= 0) found.push(`${name}: ${file}: ${bytes.subarray(Math.max(0, at - 80), at + 80)}`);
    }
  }
  return found;
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
}

/** What the incident holds of the cell with this title, by stream. */
export function outputOf({ dir, events }: RunOfLane, title: string): Record<string, string> {
  const intent = events.find(
    (one): one is EventOf<'cell.intent'> => one.type === 'cell.intent' && one.cell.headings?.at(-1) === title,
  );
  assert.ok(intent, title);
  return Object.fromEntries(
    events.flatMap((one) =>
      one.type === 'output.blob' && one.run === intent.run
        ? [[one.stream, readFileSync(path.join(dir, 'blobs', one.blob.sha256), 'utf8')]]
        : [],
    ),
  );
}

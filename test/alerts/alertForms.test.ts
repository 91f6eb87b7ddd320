// Every form in which a runbook names its alert, and what looks like one and is none.

import assert from 'node:assert/strict';
import { declarationsOf } from '../../src/alerts/declarationsOf.ts';
import { parseDocument } from '../../src/document/parseDocument.ts';

const code = '```bash\nkubectl get pods\n```\n';
const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;

function tell(text: string, file = 'notes.md', knownAlerts: string[] = []) {
  const doc = parseDocument(new TextEncoder().encode(text));
  const told = declarationsOf(doc, file, { knownAlerts });
  const cells = doc.cells.flatMap((cell, index) => (cell.kind === 'code' ? [told.cells[index]!] : []));
  return { told, cells };
}
/** `Name/via` of each code cell. */
const links = (text: string, file?: string, known?: string[]): string[][] =>
  tell(text, file, known).cells.map(({ alerts }) => alerts.map(({ name, via }) => `${name}/${via}`));

describe('alertMatchers', () => {
  const forms: [string, string, string, string[]][] = [
    ['the file name', `# How to\n\n${code}`, 'docs/KubePodCrashLooping.md', ['KubePodCrashLooping/file-name']],
    ['a file name that starts in lower case', `# x\n\n${code}`, 'etcdNoLeader.md', ['etcdNoLeader/file-name']],
    ['a short name', `# How to\n\n${code}`, 'SSPDown.md', ['SSPDown/file-name']],
    ['one word, where file and title agree', `# Watchdog\n\n${code}`, 'Watchdog.md', ['Watchdog/file-name']],
    ['the first heading', `# KubeMacPoolDown\n\n${code}`, 'mac.md', ['KubeMacPoolDown/heading']],
    ['the first heading with a suffix', `# KubeMacPoolDown [Deprecated]\n\n${code}`, 'mac.md', ['KubeMacPoolDown/heading']],
    ['a label line', `# x\n\n**Alert Name**: \`DiskFull\`\n\n## Do\n\n${code}`, 'x.md', ['DiskFull/label']],
    ['a label line with or', `# x\n\nAlert Name: DiskFull or InodesFull\n\n${code}`, 'x.md', ['DiskFull/label', 'InodesFull/label']],
    ['a list item', `# x\n\n- Alert: \`DiskFull\`\n\n${code}`, 'x.md', ['DiskFull/label']],
    ['a row of a table', `# x\n\n| | |\n|-|-|\n| Alert name | DiskFull |\n\n${code}`, 'x.md', ['DiskFull/table']],
    ['a column of a table', `# x\n\n| Alert | Severity |\n|-|-|\n| DiskFull | warning |\n\n${code}`, 'x.md', ['DiskFull/table']],
    ['a rule in a fence', `# x\n\n${fence('yaml', '- alert: DiskFull\n  expr: up == 0')}\n${code}`, 'x.md', ['DiskFull/rule-fence']],
    ['a heading that says so', `# x\n\n##### Alert Name: "KubeAPIDown"\n\n${code}`, 'x.md', ['KubeAPIDown/alert-heading']],
    ['a section named so', `# x\n\n## KubeAPIDown\n\n${code}`, 'x.md', ['KubeAPIDown/section-heading']],
    ['a command', `# x\n\n${fence('bash', `amtool alert query alertname="DiskFull"`)}`, 'x.md', ['DiskFull/command']],
    ['a finding type', `# x\n\nUnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom\n\n${code}`, 'x.md', ['UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom/finding-type']],
    ['front matter', `---\nalert: DiskFull\n---\n# x\n\n${code}`, 'x.md', ['DiskFull/front-matter']],
    ['a known rule whose name has no humps', `# disk-full\n\n${code}`, 'disk-full.md', []],
  ]; // biome-ignore format: a table
  for (const [name, text, file, wanted] of forms) {
    it(`reads ${name}`, () => assert.deepEqual(links(text, file), [wanted]));
  }

  it('knows a name without humps from the rules', () => {
    const [cell] = tell(`# disk-full\n\n${code}`, 'disk-full.md', ['disk_full']).cells;
    assert.deepEqual(
      cell?.alerts.map(({ name }) => name),
      ['disk-full'],
    );
  });

  it('knows a section by its family: three that tell of trouble speak for the others of their row', () => {
    const names = [
      'TempoBadOverrides',
      'TempoPollsFailing',
      'TempoPartitionLag',
      'TempoWritesFailing',
      'PostgresSettings',
    ];
    const row = (level: string): string =>
      `# x\n\n${names.map((name) => `${level} ${name}\n\n${code}`).join('\n')}`;
    const found = links(row('##'), 'x.md').map(([name = '']) => name.replace('/section-heading', ''));
    assert.deepEqual(found, [...names.slice(0, 4), '']);
    const alone = `# x\n\n## TempoBadOverrides\n\n${code}\n### TempoPollsFailing\n\n${code}`;
    assert.deepEqual(links(alone, 'x.md'), [[], ['TempoPollsFailing/section-heading']]);
  });

  const none: [string, string, string][] = [
    ['a page', `# README\n\n${code}`, 'README.md'],
    ['a runbook about operations', `# Operations Runbook\n\n${code}`, 'OperationsRunbook.md'],
    ['a product', `# x\n\n## PostgreSQL\n\n${code}`, 'x.md'],
    ['another product in a section', `# x\n\n## PagerDuty\n\n${code}`, 'x.md'],
    ['prose after a label', `# x\n\nAlert: this page is outdated\n\n${code}`, 'x.md'],
    ['a template', `# x\n\nAlert Name: <alert name>\n\n${code}`, 'x.md'],
    ['a comment', `# x\n\n<!-- Alert Name: DiskFull -->\n\n${code}`, 'x.md'],
    ['text in a fence', `# x\n\n${fence('', 'Alert Name: DiskFull')}\n${code}`, 'x.md'],
    ["Amazon's policies", `# x\n\narn:aws:s3:::bucket/Key and s3:PutObject/x\n\n${code}`, 'x.md'],
  ];
  for (const [name, text, file] of none) {
    it(`takes ${name} for none`, () => assert.deepEqual(links(text, file), [[]]));
  }

  it('lets the nearest declaration count, and a document-wide one elsewhere', () => {
    const text = `# x\n\nAlert Name: DiskFull\n\n## First\n\n${code}\n## KubeAPIDown\n\n${code}\n## Last\n\n${code}`;
    assert.deepEqual(links(text), [['DiskFull/label'], ['KubeAPIDown/section-heading'], ['DiskFull/label']]);
  });

  it('reads siblings of an alert heading as its own, up to the next', () => {
    const part = (name: string): string =>
      `##### Alert Name: "${name}"\n\n##### Severity: critical\n\n##### Fix\n\n${code}\n`;
    const { cells } = tell(`# x\n\n${part('KubeAPIDown')}${part('KubeletDown')}`);
    assert.deepEqual(
      cells.map(({ alerts, severity }) => [alerts[0]?.name, severity?.raw]),
      [
        ['KubeAPIDown', 'critical'],
        ['KubeletDown', 'critical'],
      ],
    );
  });

  it('ties no cell to rules that stand in a later section of their own', () => {
    const rules = fence('yaml', '- alert: DiskFull\n  expr: a\n- alert: InodesFull\n  expr: b');
    const { told, cells } = tell(`# x\n\n## Do\n\n${code}\n## Rules\n\n${rules}`);
    assert.deepEqual(cells[0]?.alerts, []);
    assert.deepEqual(
      told.alerts.map(({ name }) => name),
      ['DiskFull', 'InodesFull'],
    );
  });

  it('tells a conflict of file and title, and keeps both', () => {
    const { told, cells } = tell(`# DiskFull\n\n${code}`, 'InodesFull.md');
    assert.deepEqual(told.conflicts[0]?.names, ['InodesFull', 'DiskFull']);
    assert.match(told.conflicts[0]!.message, /InodesFull.*DiskFull/);
    assert.equal(cells[0]?.alerts.length, 2);
  });

  it('takes a title without the word alert for the same name', () => {
    const { told } = tell(`# DiskFull Alert\n\n${code}`, 'DiskFullAlert.md');
    assert.deepEqual(told.conflicts, []);
    assert.deepEqual(
      told.alerts.map(({ name }) => name),
      ['DiskFullAlert'],
    );
  });

  it('tells a conflict of label and file, and follows the label', () => {
    const { told, cells } = tell(`# x\n\nAlert Name: DiskFull\n\n${code}`, 'InodesFull.md');
    assert.deepEqual(told.conflicts[0]?.names, ['DiskFull', 'InodesFull']);
    assert.deepEqual(
      cells[0]?.alerts.map(({ name }) => name),
      ['DiskFull'],
    );
  });

  it('gives lines of the file, front matter counted', () => {
    const { told } = tell('---\ntitle: x\n---\n\n# x\n\nAlert Name: DiskFull\n');
    assert.equal(told.alerts[0]?.line, 6);
  });

  it('stays quick on a document of ten thousand headings', () => {
    const text = Array.from(
      { length: 10_000 },
      (_, index) => `${'#'.repeat(1 + (index % 6))} P${index % 4}: a`,
    );
    assert.equal(tell(text.join('\n\n')).told.alerts.length, 0);
  });
});

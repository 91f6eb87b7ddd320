// Every form in which a runbook tells severity, and the scales it lays down.

import assert from 'node:assert/strict';
import { declarationsOf } from '../../src/alerts/declarationsOf.ts';
import { spokenDuration } from '../../src/alerts/spokenDuration.ts';
import { parseDocument } from '../../src/document/parseDocument.ts';

const code = '```bash\nkubectl get pods\n```\n';

function tell(text: string, file = 'notes.md') {
  const doc = parseDocument(new TextEncoder().encode(text));
  const told = declarationsOf(doc, file);
  const index = doc.cells.findIndex(({ kind }) => kind === 'code');
  return { told, severity: told.cells[index]?.severity ?? null };
}
const short = (text: string, file?: string): string | null => {
  const { severity } = tell(text, file);
  return severity && `${severity.raw} ${severity.level} ${severity.via}`;
};

describe('severityMatchers', () => {
  const forms: [string, string, string | null][] = [
    ['a label', `# x\n\n**Severity:** Warning\n\n${code}`, 'Warning 3 label'],
    ['a label in one breath with its token', `# x\n\nSeverity: P1 (Critical)\n\n${code}`, 'P1 1 label'],
    ['a token in an unknown scale', `# x\n\nSeverity: P1\n\n${code}`, 'P1 null label'],
    ['a word that nothing maps', `# x\n\nSeverity: page\n\n${code}`, 'page null label'],
    ['two words: the worse', `# x\n\nSeverity: warning or critical\n\n${code}`, 'warning or critical 1 label'],
    ['a heading', `# x\n\n## Severity: critical\n\n${code}`, 'critical 1 heading'],
    ['a heading and the word below', `# x\n\n## Severity\n\nCritical\n\n## Do\n\n${code}`, 'Critical 1 heading'],
    ['a heading with a token', `# x\n\n## P1: Database down\n\n${code}`, 'P1 null heading'],
    ['a heading with the word behind the name', `# x\n\n## DiskFull (critical)\n\n${code}`, 'critical 1 heading'],
    ['a heading with a dash', `# DiskFull — warning\n\n${code}`, 'warning 3 heading'],
    ['a heading with a remark', `# x\n\n## DiskFull (on nodes)\n\n${code}`, null],
    ['a heading of prose', `# x\n\n## What to do - high\n\n${code}`, null],
    ['a row of a table', `# x\n\n| Alert | DiskFull |\n|-|-|\n| Severity | high |\n\n${code}`, 'high 2 table'],
    ['a column beside the alert', `# x\n\n| Alert | Severity |\n|-|-|\n| DiskFull | info |\n\n${code}`, 'info 4 table'],
    ['a rule in a fence', `# x\n\n\`\`\`yaml\n- alert: DiskFull\n  expr: a\n  labels: {severity: critical}\n\`\`\`\n\n${code}`, 'critical 1 rule-fence'],
    ['prose', `# x\n\nThis alert fires at critical severity.\n\n${code}`, 'critical 1 prose'],
    ['prose in other words', `# x\n\nThe alert is raised with a severity of \`warning\`.\n\n${code}`, 'warning 3 prose'],
    ['a label in a matcher', `# x\n\nRoute \`severity="critical"\` to the pager.\n\n${code}`, 'critical 1 inline'],
    ['front matter', `---\nseverity: high\n---\n# x\n\n${code}`, 'high 2 front-matter'],
    ['nothing', `# x\n\n${code}`, null],
    ['prose of conditions', `# x\n\nWhen the alert fires at critical severity, call.\n\n${code}`, null],
    ['matchers of several', `# x\n\nInhibits \`severity="info"\` while a severity of warning fires.\n\n${code}`, null],
    ['a template', `# x\n\nSeverity: [P0/P1/P2/P3]\n\n${code}`, null],
    ["Amazon's storage", `# x\n\n## S3: buckets\n\nUpload to S3. Priority: S3 bucket\n\n${code}`, null],
    ['a schedule by levels', `# x\n\n- P0 scenarios: monthly\n- P1 scenarios: yearly\n\n${code}`, null],
    ['a flag of a scanner', '# x\n\n```bash\ntrivy image a --severity HIGH,CRITICAL\n```\n', null],
    ['percentiles', `# x\n\nResponse time percentiles (P50, P95, P99)\n\n${code}`, null],
  ]; // biome-ignore format: a table
  for (const [name, text, wanted] of forms) {
    it(`reads ${name}`, () => assert.equal(short(text), wanted));
  }

  it('reads the suffix of an alert name, but not what it measures', () => {
    assert.equal(short(`# x\n\n${code}`, 'VolumeFillingUpCritical.md'), 'Critical 1 name-suffix');
    assert.equal(short(`# x\n\n${code}`, 'CPUThrottlingHigh.md'), null);
  });

  it('lets neither of two sections speak for the document', () => {
    const text = `# x\n\n## Alerts\n\n### A\n\nSeverity: low\n\n### B\n\nSeverity: critical\n\n## Do\n\n${code}`;
    assert.equal(tell(text).severity, null);
  });

  it('maps by the scale of the document, and names it', () => {
    const scale = '## Severities\n\n- P1 - Critical: respond within 15 minutes\n- P2 - Minor\n- P3 - Low\n';
    const { severity, told } = tell(`# x\n\nSeverity: P2\n\n${scale}\n## Do\n\n${code}`);
    assert.deepEqual([severity?.raw, severity?.level, severity?.scale], ['P2', 2, 'Severities']);
    assert.equal(told.scales[0]?.levels[0]?.responseMs, 900_000);
  });
});

describe('scalesOf', () => {
  const levels = (text: string) =>
    tell(text).told.scales.map((scale) => scale.levels.map(({ raw, level }) => `${raw}=${level}`).join(' '));

  const scales: [string, string, string[]][] = [
    ['five levels, capped', '## Severity\n\n- P0: a\n- P1: b\n- P2: c\n- P3: d\n- P4: e', ['P0=1 P1=2 P2=3 P3=4 P4=4']],
    ['words in a table', '| Severity | Response time |\n|-|-|\n| Critical | 5m |\n| Major | 1h |\n| Minor | 1d |\n| Low | 1 week |', ['Critical=1 Major=2 Minor=3 Low=4']],
    ['bare numbers in a table', '| Severity | Definition |\n|-|-|\n| 1 | all down |\n| 2 | some down |', ['1=1 2=2']],
    ['numbers that run the other way, by their times', '## Escalation\n\n| Level | Response |\n|-|-|\n| Level 1 | 1 day |\n| Level 2 | 1 hour |', ['Level 1=2 Level 2=1']],
    ['levels of which nothing tells the worst', '## Escalation levels\n\n### Level 1\n\na\n\n### Level 2\n\nb', ['Level 1=null Level 2=null']],
    ['bold lines', '## Priorities\n\n**P1 (Critical)**: all down\n\n**P2 (High)**: some down', ['P1=1 P2=2']],
    ['S1 to S3', '## Severity\n\n- S1: outage\n- S2: degraded\n- S3: minor', ['S1=1 S2=2 S3=3']],
    ['no scale of storage', '## Storage\n\n- S3: buckets\n- EBS: volumes', []],
    ['no scale of alerts with severities', '| Severity | Alert |\n|-|-|\n| critical | DiskFull |\n| warning | InodesFull |', []],
    ['no scale of procedures a level', `# x\n\n## P1: a\n\n${code}\n## P2: b\n\n${code}`, []],
    ['no scale of steps', '## Plan\n\n- Level 1: ask\n- Level 2: call', []],
  ]; // biome-ignore format: a table
  for (const [name, text, wanted] of scales) {
    it(`reads ${name}`, () => assert.deepEqual(levels(text), wanted));
  }
});

describe('spokenDuration', () => {
  const spoken: [string, number | null][] = [
    ['15 minutes', 900_000],
    ['1 hr', 3_600_000],
    ['5m', 300_000],
    ['1 hour 30 minutes', 5_400_000],
    ['15-30 minutes', 1_800_000],
    ['Within 30 minutes if not resolved', 1_800_000],
    ['Next business day', 86_400_000],
    ['Within 2 business days', 172_800_000],
    ['half an hour', 1_800_000],
    ['Immediate', 0],
    ['24x7', null],
    ['best effort', null],
    ['P99', null],
    ['', null],
  ];
  for (const [text, wanted] of spoken) {
    it(`reads "${text}"`, () => assert.equal(spokenDuration(text), wanted));
  }
});

// Links into the editor are hostile input; an alert's words become suggestions and nothing else.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readRunbook } from '../../src/alerts/rules/loadRunbooks.ts';
import { suggestLabels } from '../../src/incident/alertLabels.ts';
import { readAlertLink } from '../../src/incident/alertLink.ts';
import { findRunbook, placedRules } from '../../src/incident/findRunbook.ts';

describe('a link that opens a runbook', () => {
  it('names an alert and its labels, in either form', () => {
    const wanted = { alert: 'PodDown', labels: { pod: 'web-0', namespace: 'shop' } };
    assert.deepEqual(readAlertLink('/open', 'alert=PodDown&labels=pod%3Dweb-0%2Cnamespace%3Dshop'), wanted);
    const json = encodeURIComponent('{"pod":"web-0","namespace":"shop"}');
    assert.deepEqual(readAlertLink('/open/', `alert=PodDown&labels=${json}`), wanted);
    assert.deepEqual(readAlertLink('/open', 'alert=X'), { alert: 'X', labels: {} });
  });

  it('is refused where it is anything else', () => {
    for (const [path, query] of [
      ['/run', 'alert=X'],
      ['/open', ''],
      ['/open', 'alert=%1b%5b2J'],
      ['/open', `alert=${'x'.repeat(201)}`],
      ['/open', 'alert=X&labels={"a":{"b":1}}'],
      ['/open', 'alert=X&labels={"a"'],
      ['/open', 'alert=X&labels=nothing'],
      ['/open', 'alert=X&labels=__proto__=1'],
      ['/open', 'alert=X&labels=pod=a%0Ab'],
      ['/open', 'alert=X&labels=pod=a%E2%80%AEb'],
      ['/open', `alert=X&labels=pod=${'a'.repeat(401)}`],
      ['/open', `alert=X&labels=${Array.from({ length: 65 }, (_, at) => `l${at}=1`).join(',')}`],
    ] as const)
      assert.throws(() => readAlertLink(path, query), { code: 'link-unreadable' }, `${path}?${query}`);
  });

  it('never fails in another way, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (alert, labels) => {
        try {
          const read = readAlertLink('/open', new URLSearchParams({ alert, labels }).toString());
          assert.equal(Object.getPrototypeOf(read.labels), Object.prototype);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'link-unreadable');
        }
      }),
    );
  });
});

describe('the words of an alert', () => {
  const words = [
    {
      origin: 'PodDown, firing now',
      labels: { alertname: 'PodDown', pod: 'web-0', namespace: 'shop', node: 'n1' },
      annotations: { dashboard: 'https://example.com/d' },
    },
  ];
  const first = (name: string) => suggestLabels(name, words)[0];

  it('are suggested for the placeholders that they fit, with their origin', () => {
    for (const name of ['pod', 'POD_NAME', 'pod-name', 'your-pod', 'failing pod', 'auth-service-pod'])
      assert.deepEqual(first(name), { value: 'web-0', from: 'label pod of PodDown, firing now' }, name);
    assert.equal(first('ns')?.value, 'shop');
    assert.equal(first('dashboard')?.from, 'annotation dashboard of PodDown, firing now');
    assert.equal(first('deployment'), undefined);
    assert.equal(first('version'), undefined);
  });
});

describe('the runbook of an alert', () => {
  const runbooks = [
    readRunbook(
      '/w/pods.runbook.md',
      Buffer.from(
        '# Pods\n\n## Down\n\nSeverity: critical\n\n```bash\na\n```\n\n## Slow\n\nSeverity: low\n\n```bash\nb\n```\n',
      ),
    ),
    readRunbook('/w/NodeGone.runbook.md', Buffer.from('# NodeGone\n\n```bash\nc\n```\n')),
  ];
  const rule = (name: string, severity: string, url: string) => ({
    name,
    query: 'up == 0',
    forMs: 60_000,
    labels: { severity },
    annotations: { runbook_url: url },
    state: 'inactive' as const,
    health: 'ok',
    lastError: null,
    alerts: [],
    group: 'g',
    file: '/etc/rules.yml',
  });

  it('is that of its rule, at the section, else the one that names it', () => {
    const rules = placedRules(
      [rule('PodSlow', 'low', 'https://example.com/w/pods.runbook.md#slow')],
      'Prometheus',
    );
    const found = findRunbook('PodSlow', 'low', { rules, runbooks });
    assert.equal(found?.file, '/w/pods.runbook.md');
    assert.equal(found?.line, 10);
    assert.match(found!.via, /runbook_url of the rule in \/etc\/rules\.yml/);
    assert.equal(findRunbook('nodegone', undefined, { rules, runbooks })?.file, '/w/NodeGone.runbook.md');
    assert.equal(findRunbook('Nothing', undefined, { rules, runbooks }), undefined);
  });

  it('is in no conflict with the severity of another section', () => {
    const conflicts = (severity: string, anchor: string): readonly string[] => {
      const url = `https://example.com/w/pods.runbook.md#${anchor}`;
      const rules = placedRules([rule('PodSlow', severity, url)], 'Prometheus');
      return findRunbook('PodSlow', severity, { rules, runbooks })!.conflicts;
    };
    assert.deepEqual(conflicts('low', 'slow'), []);
    assert.deepEqual(conflicts('critical', 'down'), []);
    assert.match(conflicts('critical', 'slow').join(), /the runbook says low, the rule critical/);
  });
});

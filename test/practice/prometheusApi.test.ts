import assert from 'node:assert/strict';
import { evaluate } from '../../src/practice/metrics/promqlEvaluate.ts';
import { parsePromql } from '../../src/practice/metrics/promqlParse.ts';
import { SeriesStore } from '../../src/practice/metrics/seriesStore.ts';
import { usePracticeCluster } from './usePracticeCluster.ts';

const start = 1_700_000_000_000;

function valuesOf(query: string): unknown {
  const store = new SeriesStore(start);
  for (let second = 0; second <= 120; second += 2)
    store.record(
      [
        { name: 'errors_total', labels: { job: 'a' }, perSecond: 2 },
        { name: 'errors_total', labels: { job: 'b' }, perSecond: 1 },
        { name: 'all_total', labels: { job: 'a' }, perSecond: 10 },
        { name: 'used', labels: { job: 'a', pod: 'x' }, value: second },
        { name: 'lag_bucket', labels: { le: '1' }, perSecond: 5 },
        { name: 'lag_bucket', labels: { le: '2' }, perSecond: 10 },
        { name: 'lag_bucket', labels: { le: '+Inf' }, perSecond: 10 },
      ],
      start + second * 1000,
    );
  const value = evaluate(parsePromql(query), start + 120_000, store.source);
  if (value.type === 'scalar') return Math.round(value.value * 1000) / 1000;
  assert.equal(value.type, 'vector');
  return (
    value.type === 'vector' && value.elements.map((one) => [one.labels, Math.round(one.value * 1000) / 1000])
  );
}

describe('the practice Prometheus', function () {
  this.timeout(30_000);
  const cases: [query: string, result: unknown][] = [
    ['1 + 2 * 3', 7],
    ['2 ^ 3 ^ 0', 2],
    ['used{job="a"}', [[{ __name__: 'used', job: 'a', pod: 'x' }, 120]]],
    ['used{job=~"b|c"}', []],
    ['used > 100', [[{ __name__: 'used', job: 'a', pod: 'x' }, 120]]],
    ['used > bool 200', [[{ job: 'a', pod: 'x' }, 0]]],
    ['rate(errors_total[1m])', [[{ job: 'a' }, 2], [{ job: 'b' }, 1]]],
    ['increase(errors_total{job="b"}[1m])', [[{ job: 'b' }, 60]]],
    ['sum(rate(errors_total[1m]))', [[{}, 3]]],
    ['sum by (job) (rate(errors_total[1m])) / on (job) rate(all_total[1m])', [[{ job: 'a' }, 0.2]]],
    ['avg_over_time(used[20s])', [[{ job: 'a', pod: 'x' }, 110]]],
    ['histogram_quantile(0.75, rate(lag_bucket[1m]))', [[{}, 1.5]]],
    ['topk(1, rate(errors_total[1m]))', [[{ job: 'a' }, 2]]],
    ['absent(nothing)', [[{}, 1]]],
    ['-used offset 20s', [[{ job: 'a', pod: 'x' }, -100]]],
    ['used and on (job) errors_total', [[{ __name__: 'used', job: 'a', pod: 'x' }, 120]]],
    ['time() - 1700000000', 120],
  ]; // biome-ignore format: rows
  for (const [query, result] of cases)
    it(`answers ${query}`, () => assert.deepEqual(valuesOf(query), result));

  for (const query of ['rate(used)', 'sum(', 'used{job=}', 'nosuch(used)', '1 +', 'used[5x]'])
    it(`refuses ${query}`, () => assert.throws(() => valuesOf(query), { name: 'PromqlError' }));

  describe('of a cluster', () => {
    const practice = usePracticeCluster();
    const ask = async (service: string, at: string, method = 'GET', body?: string) => {
      const request = {
        method,
        host: service,
        port: service === 'prometheus' ? 9090 : 9093,
        path: at,
        ...(body ? { body: Buffer.from(body) } : {}),
      };
      return (await practice.cluster.network.request('default', request))!;
    };

    it('has last week and last month too', async () => {
      const now = Date.now() / 1000;
      const query = encodeURIComponent('pqc:scan_duration_p95_5m');
      const { body } = await ask(
        'prometheus',
        `/api/v1/query_range?query=${query}&start=${now - 7 * 86_400}&end=${now}&step=3600s`,
      );
      assert.equal(body.status, 'success');
      assert.ok(body.data.result[0].values.length >= 168, `${body.data.result[0].values.length}`);
      const rate = encodeURIComponent('rate(pqc_scan_errors_total[5m])');
      const month = await ask(
        'prometheus',
        `/api/v1/query_range?query=${rate}&start=${now - 30 * 86_400}&end=${now}&step=86400s`,
      );
      assert.ok(month.body.data.result.length >= 1);
      assert.equal((await ask('prometheus', '/api/v1/query?query=sum(')).status, 400);
    });

    it('silences an alert, and says that Alertmanager v1 is gone', async () => {
      assert.equal((await ask('alertmanager', '/api/v1/alerts')).status, 410);
      const at = (ms: number) => new Date(Date.now() + ms).toISOString();
      const silence = {
        matchers: [{ name: 'alertname', value: 'X', isRegex: false }],
        startsAt: at(-1000),
        endsAt: at(60_000),
        createdBy: 'test',
        comment: 'c',
      };
      const made = await ask('alertmanager', '/api/v2/silences', 'POST', JSON.stringify(silence));
      const kept = await ask('alertmanager', `/api/v2/silence/${made.body.silenceID}`);
      assert.equal(kept.body.status.state, 'active');
      await ask('alertmanager', `/api/v2/silence/${made.body.silenceID}`, 'DELETE');
      assert.equal(
        (await ask('alertmanager', `/api/v2/silence/${made.body.silenceID}`)).body.status.state,
        'expired',
      );
    });
  });
});

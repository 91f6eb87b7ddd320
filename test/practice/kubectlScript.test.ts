import assert from 'node:assert/strict';
import { type KubectlResult, runKubectl } from './kubectl.ts';
import { type Step, steps, wordsOf } from './kubectlScript.ts';
import { quickPace, usePracticeCluster } from './usePracticeCluster.ts';

/** What is wrong with an answer; empty when nothing is. */
function complaints(step: Step, answer: KubectlResult): string[] {
  const wrong: string[] = [];
  const told = `${answer.stdout}${answer.stderr}`.trim();
  if (answer.code !== (step.code ?? 0))
    wrong.push(`exit code ${answer.code}, not ${step.code ?? 0}: ${told}`);
  if (step.out && !step.out.test(answer.stdout)) wrong.push(`stdout is not ${step.out}: ${told}`);
  if (step.err && !step.err.test(answer.stderr)) wrong.push(`stderr is not ${step.err}: ${told}`);
  return wrong.map((one) => `kubectl ${step.run}\n      ${one}`);
}

async function runScript(kubeconfig: string, rows: readonly Step[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const step of rows) {
    const input = step.input === undefined ? {} : { input: step.input };
    wrong.push(...complaints(step, await runKubectl(wordsOf(step.run), { kubeconfig, ...input })));
  }
  return wrong;
}

describe('the script of kubectl calls', function () {
  this.timeout(600_000);
  const practice = usePracticeCluster(quickPace);

  it('has at least 150 calls', () => {
    assert.ok(steps.length >= 150, `${steps.length}`);
  });

  it('has every exit code and output as kubectl documents them', async () => {
    assert.deepEqual(await runScript(practice.cluster.kubeconfigPath, steps), []);
  });

  it('tells where a real cluster differs, if one is given', async function () {
    const real = process.env.RUNBOOK_TEST_CLUSTER_KUBECONFIG;
    if (!real) this.skip();
    const wrong = await runScript(
      real,
      steps.filter((step) => !step.practiceOnly),
    );
    console.log(wrong.length ? `      differences:\n${wrong.join('\n')}` : '      no differences');
  });
});

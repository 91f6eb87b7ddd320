// `runbook practice …`: the practice cluster beside the runbooks.

import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { practicePlace } from '../incident/practicePlace.ts';
import {
  practiceFaults,
  practiceStatus,
  runPracticeDaemon,
  startDetached,
  startPracticeFault,
  stopPractice,
} from '../practice/daemon/practiceDaemon.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printError, printJson } from './print.ts';

export async function practiceStart(options: { detach?: boolean; port?: string }): Promise<number> {
  const stateDirectory = practicePlace(process.env);
  const port = options.port === undefined ? undefined : portOf(options.port);
  if (options.detach) {
    const own = path.resolve(process.argv[1] ?? '');
    const command = [
      process.execPath,
      own,
      'practice',
      'start',
      ...(port === undefined ? [] : ['--port', `${port}`]),
    ];
    const state = await startDetached({ stateDirectory, command });
    await print(`The practice cluster answers at ${state.url}: export KUBECONFIG=${state.kubeconfigPath}\n`);
    return exitStatus.done;
  }
  await runPracticeDaemon({
    stateDirectory,
    ...(port === undefined ? {} : { port }),
    onReady: (state) =>
      void print(
        `The practice cluster answers at ${state.url}: export KUBECONFIG=${state.kubeconfigPath}\nCtrl-C ends it.\n`,
      ),
  });
  return exitStatus.done;
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new RunbookError({ code: 'port-invalid', message: `${text} is no port.`, mend: 'Use 0 to 65535.' });
}

export async function practiceStop(): Promise<number> {
  const stopped = await stopPractice(practicePlace(process.env));
  await printError(stopped ? 'The practice cluster has ended.\n' : 'No practice cluster ran.\n');
  return exitStatus.done;
}

export async function practiceTell(options: { json?: boolean }): Promise<number> {
  const status = await practiceStatus(practicePlace(process.env));
  const faults = status.running ? ((await practiceFaults(status.state.kubeconfigPath)) ?? []) : [];
  if (options.json) await printJson({ ...status, faults });
  else if (!status.running)
    await print('No practice cluster runs. Start one with `runbook practice start --detach`.\n');
  else {
    const { url, startedAt, kubeconfigPath } = status.state;
    const since = `${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
    const pods =
      status.unreadyPods === 0 ? 'all pods are ready' : `pods that are not ready: ${status.unreadyPods}`;
    await print(`The practice cluster answers at ${url}, since ${since}; ${pods}.\n`);
    await print(`export KUBECONFIG=${kubeconfigPath}\n`);
    if (faults.length > 0) await print(`\nfaults, for \`runbook practice fault ID\`:\n`);
    for (const { id, state, title } of faults) await print(`  ${id.padEnd(28)}${state.padEnd(10)}${title}\n`);
  }
  return status.running ? exitStatus.done : exitStatus.failed;
}

export async function practiceKubeconfig(): Promise<number> {
  const status = await practiceStatus(practicePlace(process.env));
  if (!status.running) throw notRunning();
  await print(`${status.state.kubeconfigPath}\n`);
  return exitStatus.done;
}

export async function practiceFault(id: string, options: { json?: boolean }): Promise<number> {
  const status = await practiceStatus(practicePlace(process.env));
  if (!status.running) throw notRunning();
  const started = await startPracticeFault(status.state.kubeconfigPath, id);
  if (!started) {
    const known = (await practiceFaults(status.state.kubeconfigPath)) ?? [];
    throw new RunbookError({
      code: 'fault-unknown',
      message: `There is no fault ${JSON.stringify(id)}.`,
      mend: `There are ${known.map((fault) => fault.id).join(', ')}.`,
    });
  }
  if (options.json) await printJson(started);
  else
    await print(
      `${started.title}.\nThe alert ${started.alert} fires soon; the runbook ${started.runbook} answers it.\n`,
    );
  return exitStatus.done;
}

function notRunning(): RunbookError {
  return new RunbookError({
    code: 'practice-not-running',
    message: 'No practice cluster runs.',
    mend: 'Start one with `runbook practice start --detach`.',
  });
}

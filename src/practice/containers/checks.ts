// What a kubelet checks of a container: that its image can be had, and its HTTP probes.

import type { Json } from '../store/kubeObject.ts';
import type { ContainerRun } from './containerRun.ts';
import { splitImage } from './program.ts';
import type { StartProblem } from './surroundings.ts';

/** Why the image can't be had; undefined when it can. */
export function imageProblem(one: ContainerRun): StartProblem | undefined {
  const { name, tag } = splitImage(one.spec.image);
  if (!/^[a-z0-9]/.test(name))
    return { reason: 'InvalidImageName', message: `couldn't parse image name "${one.spec.image}"` };
  const { tags } = one.program;
  if (!tags || tags.includes(tag)) return undefined;
  return {
    reason: 'ErrImagePull',
    message: `failed to pull and unpack image "${one.spec.image}": ${name}:${tag}: not found`,
    event: 'Failed',
  };
}

/** What an HTTP probe finds wrong, in a kubelet's words; undefined when it passes or isn't due. */
export async function probeFailure(
  one: ContainerRun,
  probe: Json,
  which: string,
): Promise<string | undefined> {
  if (!probe?.httpGet) return undefined;
  if (one.cluster.now() - one.startedAt < (probe.initialDelaySeconds ?? 0) * 1000) return undefined;
  const { path, port } = probe.httpGet;
  const named = one.spec.ports?.find((other: Json) => other.name === port)?.containerPort ?? 0;
  const number = typeof port === 'number' ? port : named;
  const answer = await one.program.answer!(one, { method: 'GET', host: 'localhost', port: number, path });
  if (answer && answer.status < 400) return undefined;
  const why = answer
    ? `HTTP probe failed with statuscode: ${answer.status}`
    : `Get "http://${one.pod.status?.podIP}:${number}${path}": connection refused`;
  return `${which} probe failed: ${why}`;
}

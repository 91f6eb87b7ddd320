// The adapter: the port on a kubeconfig. Opening costs nothing; client-node is loaded by the first question.

import { accessNeeds, reviewAccess, whoAmI } from './accessReview.ts';
import { createApiClient } from './apiClient.ts';
import type { CallOptions } from './apiTransport.ts';
import { type Capture, type CaptureOptions, captureObjects } from './capture.ts';
import { captureTargets } from './captureTargets.ts';
import type { CallContext, ChosenObject } from './chosenObjects.ts';
import { createTransport, type TransportOptions } from './clientNodeTransport.ts';
import type { CaptureTarget, Cluster, ObjectName, ObjectState } from './cluster.ts';
import { isClusterError } from './clusterError.ts';
import type { Kubeconfig } from './kubeconfigFile.ts';
import { parseKubectl } from './kubectlArguments.ts';
import { manifestNeeds } from './manifestNeeds.ts';
import type { CallInput } from './manifests.ts';
import { matchingNames } from './matchingNames.ts';
import { readEvents } from './objectEvents.ts';
import { createObjectStore } from './objectStore.ts';
import type { PinnedTarget } from './pinnedTarget.ts';
import { previewCall } from './preview.ts';
import { diffObjects, readableText } from './readableObject.ts';
import { createResourceKinds } from './resourceKinds.ts';
import { followRollout, rolloutProgress } from './rolloutProgress.ts';
import { requestService, resolveService } from './serviceProxy.ts';
import { undoPlan } from './undoPlan.ts';

export function openCluster(
  config: Kubeconfig,
  target: PinnedTarget,
  options: TransportOptions = {},
): Cluster {
  const transport = createTransport(config, target.context, options);
  const api = createApiClient(transport);
  const kinds = createResourceKinds(api);
  const store = createObjectStore(api);

  const contextFor = (input: CallInput, callOptions: CallOptions = {}): CallContext => ({
    api,
    kinds,
    store,
    namespace: target.namespace,
    input,
    options: callOptions,
  });
  const noInput: CallInput = { cwd: process.cwd() };

  async function find(name: ObjectName, callOptions: CallOptions = {}) {
    const kind = await kinds.ofWord(name.resource, callOptions);
    const namespace = kind.namespaced ? (name.namespace ?? target.namespace) : undefined;
    return { kind, namespace };
  }

  async function guarded(read: () => Promise<Capture>): Promise<Capture> {
    const start = performance.now();
    try {
      return await read();
    } catch (error) {
      if (!isClusterError(error)) throw error;
      const missed = [{ what: 'evidence before the change', why: error.message }];
      return { files: [], missed, durationMs: performance.now() - start };
    }
  }

  /** What choosing the objects took is taken off the budget of reading them. */
  async function captureWithin(
    choose: (context: CallContext) => Promise<{ objects: ChosenObject[]; notes: readonly string[] }>,
    input: CallInput,
    captureOptions: CaptureOptions = {},
  ): Promise<Capture> {
    return guarded(async () => {
      const start = performance.now();
      const budgetMs = captureOptions.budgetMs ?? 3_000;
      const { signal } = captureOptions;
      const context = contextFor(input, { timeoutMs: budgetMs, ...(signal ? { signal } : {}) });
      const { objects, notes } = await choose(context);
      const left = Math.max(200, budgetMs - (performance.now() - start));
      const capture = await captureObjects(objects, context, { ...captureOptions, budgetMs: left });
      const missed = [...notes.map((why) => ({ what: 'a target', why })), ...capture.missed];
      return { files: capture.files, missed, durationMs: performance.now() - start };
    });
  }

  async function chooseTargets(targets: readonly CaptureTarget[], context: CallContext) {
    const objects: ChosenObject[] = [];
    for (const one of targets) {
      const kind = await kinds.ofWord(one.resource, context.options);
      const namespace = kind.namespaced ? (one.namespace ?? target.namespace) : undefined;
      if (one.name !== undefined) {
        const live = await store.find(kind, namespace, one.name, context.options);
        objects.push({ kind, namespace, name: one.name, live });
        continue;
      }
      const list = await store.list(kind, namespace, { ...context.options, selector: one.selector });
      for (const live of list.items) {
        objects.push({ kind, namespace: live.metadata.namespace, name: live.metadata.name, live });
      }
    }
    const notes = objects
      .filter(({ live }) => !live)
      .map(({ kind, name }) => `${kind.kind.toLowerCase()}/${name} does not exist`);
    return { objects, notes };
  }

  return {
    target,
    whoAmI: (callOptions) => whoAmI(api, callOptions),

    async namespaces(callOptions) {
      const kind = await kinds.ofWord('namespaces');
      const { items } = await store.list(kind, undefined, callOptions);
      return items.map(({ metadata }) => metadata.name).sort();
    },

    async objectNow(name, callOptions): Promise<ObjectState | undefined> {
      const { kind, namespace } = await find(name, callOptions);
      const object = await store.find(kind, namespace, name.name, callOptions);
      return object && { object, text: readableText(object) };
    },

    diff: (before, after, title) => diffObjects(before?.object, after?.object, title),

    async events({ resource, name, namespace = target.namespace, since }, callOptions) {
      const kind = resource === undefined ? undefined : await kinds.ofWord(resource, callOptions);
      const query = {
        namespace,
        ...(kind ? { kind } : {}),
        ...(name === undefined ? {} : { name }),
        ...(since === undefined ? {} : { since }),
      };
      return readEvents(store, query, callOptions);
    },

    async rollout(name, callOptions) {
      const { kind, namespace } = await find(name, callOptions);
      return rolloutProgress(await store.get(kind, namespace, name.name, callOptions));
    },

    async followRollout(name, onProgress, followOptions = {}) {
      const { kind, namespace } = await find(
        name,
        followOptions.signal ? { signal: followOptions.signal } : {},
      );
      return followRollout((read) => store.get(kind, namespace, name.name, read), onProgress, followOptions);
    },

    mayI: (requests, callOptions) => reviewAccess(api, requests, callOptions),

    async mayRun(argv, { cwd, ...callOptions } = {}) {
      const call = parseKubectl(argv);
      const named = await accessNeeds(call, kinds, target.namespace, callOptions);
      const inFiles =
        cwd === undefined
          ? []
          : await manifestNeeds(call, kinds, { namespace: target.namespace, cwd }, callOptions);
      return reviewAccess(api, [...named, ...inFiles], callOptions);
    },

    async names({ resource, namespace, allNamespaces, pattern, selector }, callOptions) {
      const kind = await kinds.ofWord(resource, callOptions);
      const place = !kind.namespaced || allNamespaces ? undefined : (namespace ?? target.namespace);
      const query = {
        kind,
        namespace: place,
        ...(pattern === undefined ? {} : { pattern }),
        ...(selector === undefined ? {} : { selector }),
      };
      return matchingNames(api, query, callOptions);
    },

    captureFor: (argv, input, captureOptions) =>
      captureWithin((context) => captureTargets(parseKubectl(argv), context), input, captureOptions),

    capture: (targets, captureOptions) =>
      captureWithin((context) => chooseTargets(targets, context), noInput, captureOptions),

    preview: (argv, input, { signal, ...previewOptions } = {}) =>
      previewCall(parseKubectl(argv), contextFor(input, signal ? { signal } : {}), previewOptions),

    undo: (argv, preview) => undoPlan(parseKubectl(argv), preview),

    resolveService: (host, port, callOptions) =>
      resolveService(store, host, port, target.namespace, callOptions),
    requestService: (address, request) => requestService(transport, address, request),
    dispose: () => transport.dispose(),
  };
}

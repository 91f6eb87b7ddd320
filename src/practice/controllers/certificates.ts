// cert-manager's part: issues certificates that are new, asked to renew, or have lost their secret.

import { kubeTime } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { type Controller, type ControllerContext, keyOf } from './cluster.ts';

const resource = 'cert-manager.io/certificates';
const renewAnnotation = 'cert-manager.io/force-renew';
const dayMs = 86_400_000;

export class CertificateController implements Controller {
  readonly name = 'certificate';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource: changed, type, object }: Change): Iterable<string> {
    if (changed === resource) return type === 'DELETED' ? [] : [keyOf(object)];
    if (changed !== '/secrets' || type !== 'DELETED') return [];
    return [...this.#context.registry.store.each(resource)]
      .filter((one) => one.spec?.secretName === object.metadata.name)
      .map(keyOf);
  }

  reconcile(namespace: string, name: string): void {
    const { registry, events } = this.#context;
    const { store } = registry;
    const present = store.get(resource, namespace, name);
    if (!present) return;
    const { secretName } = present.spec ?? {};
    const asked = present.metadata.annotations?.[renewAnnotation];
    const renewing = present.status?.conditions?.some(
      (one: { type: string; status: string }) => one.type === 'Issuing' && one.status === 'True',
    );
    const lost = present.status?.revision > 0 && secretName && !store.get('/secrets', namespace, secretName);
    const due =
      !present.status?.notAfter || renewing || lost || (asked ?? '') !== (present.status?.renewedFor ?? '');
    if (!due) return;
    const now = this.#context.now();
    if (secretName) {
      const data = {
        'tls.crt': Buffer.from(`practice certificate ${now}`).toString('base64'),
        'tls.key': 'cHJhY3RpY2U=',
      };
      if (store.get('/secrets', namespace, secretName))
        store.modify('/secrets', namespace, secretName, (clone) => {
          clone.data = data;
        });
      else
        registry.create(this.#context.kind('/secrets'), namespace, {
          metadata: { name: secretName },
          type: 'kubernetes.io/tls',
          data,
        });
    }
    store.modify(resource, namespace, name, (clone) => {
      clone.status = {
        notBefore: kubeTime(now),
        notAfter: kubeTime(now + 90 * dayMs),
        renewalTime: kubeTime(now + 60 * dayMs),
        revision: (clone.status?.revision ?? 0) + 1,
        ...(asked ? { renewedFor: asked } : {}),
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Ready',
            message: 'Certificate is up to date and has not expired',
            lastTransitionTime: kubeTime(now),
          },
        ],
      };
    });
    events.record(present, {
      reason: 'Issuing',
      message: 'The certificate has been successfully issued',
      component: 'cert-manager-certificates-issuing',
    });
  }
}

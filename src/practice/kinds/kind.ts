// A kind as data, and the registry that answers for all of them: built in and from CustomResourceDefinitions.

import type { Json } from '../store/kubeObject.ts';
import { builtInKinds } from './builtInKinds.ts';

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** 1 is shown only by `-o wide`. */
  readonly priority: number;
  readonly format?: string;
  /** A JSONPath into the object, or a function of it; undefined shows as `<none>`. */
  readonly value: string | ((object: Json, now: number) => Json);
}

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
  /** client-node's model of it, the source of its field types; '' where there is none. */
  readonly model: string;
  /** Only `create`: reviews and the like are answered and not stored. */
  readonly createOnly?: boolean;
  /** Of a CustomResourceDefinition. */
  readonly custom?: { readonly schema?: Json; readonly columns?: readonly Column[] };
}

/** What the store files it under: the same for each of a kind's versions. */
export function resourceOf(kind: Pick<Kind, 'group' | 'plural'>): string {
  return `${kind.group}/${kind.plural}`;
}

export function apiVersionOf(kind: Pick<Kind, 'group' | 'version'>): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}

export class KindRegistry {
  readonly #kinds: Kind[] = [...builtInKinds];

  /** In the order of discovery. */
  all(): readonly Kind[] {
    return this.#kinds;
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.#kinds.find((one) => one.plural === plural && one.group === group && one.version === version);
  }

  /** By group and plural in any version. */
  byResource(resource: string): Kind | undefined {
    return this.#kinds.find((one) => resourceOf(one) === resource);
  }

  byKind(apiVersion: string, kind: string): Kind | undefined {
    return this.#kinds.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
  }

  /** Takes in the served versions of a CustomResourceDefinition, replacing those it had. */
  define(crd: Json): void {
    this.undefine(crd);
    const { group, names, scope, versions } = crd.spec;
    for (const version of versions.filter((one: Json) => one.served)) {
      this.#kinds.push({
        group,
        version: version.name,
        kind: names.kind,
        plural: names.plural,
        singular: names.singular ?? names.kind.toLowerCase(),
        shortNames: names.shortNames ?? [],
        categories: names.categories ?? [],
        namespaced: scope === 'Namespaced',
        subresources: Object.keys(version.subresources ?? {}),
        model: '',
        custom: {
          schema: version.schema?.openAPIV3Schema,
          columns: version.additionalPrinterColumns?.map(
            (column: Json): Column => ({
              name: column.name,
              type: column.type,
              priority: column.priority ?? 0,
              value: column.jsonPath,
            }),
          ),
        },
      });
    }
  }

  undefine(crd: Json): void {
    const { group, names } = crd.spec;
    for (let index = this.#kinds.length - 1; index >= 0; index -= 1) {
      const one = this.#kinds[index]!;
      if (one.custom && one.group === group && one.plural === names.plural) this.#kinds.splice(index, 1);
    }
  }
}

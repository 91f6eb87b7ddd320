// What the API answers when it refuses: a Kubernetes `Status` with its HTTP code, made by named constructors.

import type { Json } from './kubeObject.ts';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: Json;

  private constructor(code: number, reason: string, message: string, details?: Json) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The `Status` object of the wire. */
  toStatus(): Json {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }

  static notFound(resource: string, group: string, name: string): ApiError {
    const qualified = group ? `${resource}.${group}` : resource;
    return new ApiError(404, 'NotFound', `${qualified} "${name}" not found`, { name, group, kind: resource });
  }

  static noSuchPath(): ApiError {
    return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  }

  static alreadyExists(resource: string, group: string, name: string): ApiError {
    const qualified = group ? `${resource}.${group}` : resource;
    const details = { name, group, kind: resource };
    return new ApiError(409, 'AlreadyExists', `${qualified} "${name}" already exists`, details);
  }

  static conflict(resource: string, group: string, name: string, why?: string): ApiError {
    const qualified = group ? `${resource}.${group}` : resource;
    const told =
      why ?? 'the object has been modified; please apply your changes to the latest version and try again';
    return new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${qualified} "${name}": ${told}`, {
      name,
      group,
      kind: resource,
    });
  }

  /** Server-side apply: fields that another manager owns. */
  static applyConflict(message: string, causes: Json[]): ApiError {
    return new ApiError(409, 'Conflict', message, { causes });
  }

  /** `causes` are `{field, message}` pairs; the message reads as the API server writes it. */
  static invalid(
    group: string,
    kind: string,
    name: string,
    causes: { field: string; message: string }[],
  ): ApiError {
    const qualified = group ? `${kind}.${group}` : kind;
    const listed = causes.map((cause) => `${cause.field}: ${cause.message}`);
    const told = listed.length === 1 ? listed[0] : `[${listed.join(', ')}]`;
    return new ApiError(422, 'Invalid', `${qualified} "${name}" is invalid: ${told}`, {
      name,
      group,
      kind,
      causes: causes.map((cause) => ({
        reason: 'FieldValueInvalid',
        message: cause.message,
        field: cause.field,
      })),
    });
  }

  static badRequest(message: string): ApiError {
    return new ApiError(400, 'BadRequest', message);
  }

  static unauthorized(): ApiError {
    return new ApiError(401, 'Unauthorized', 'Unauthorized');
  }

  static forbidden(resource: string, group: string, name: string, message: string): ApiError {
    const qualified = group ? `${resource}.${group}` : resource;
    const what = name
      ? `${qualified} "${name}" is forbidden: ${message}`
      : `${qualified} is forbidden: ${message}`;
    return new ApiError(403, 'Forbidden', what, { name, group, kind: resource });
  }

  static methodNotAllowed(): ApiError {
    return new ApiError(
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
      {},
    );
  }

  static notAcceptable(): ApiError {
    return new ApiError(
      406,
      'NotAcceptable',
      'only the following media types are accepted: application/json',
      {},
    );
  }

  static unsupportedMediaType(accepted: readonly string[]): ApiError {
    const told = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
    return new ApiError(415, 'UnsupportedMediaType', told);
  }

  static expired(): ApiError {
    return new ApiError(
      410,
      'Expired',
      'too old resource version: the practice cluster keeps only recent changes',
    );
  }

  static tooManyRequests(message: string): ApiError {
    return new ApiError(429, 'TooManyRequests', message, {
      causes: [{ reason: 'DisruptionBudget', message }],
    });
  }

  static unavailable(message: string): ApiError {
    return new ApiError(503, 'ServiceUnavailable', message);
  }

  static internal(message: string): ApiError {
    return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`);
  }
}

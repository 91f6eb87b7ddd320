// The form of a policy file as JSON Schema: for completion in the editor, and for the check when it is read.

import { risks } from '../shell/risk.ts';
import { consents } from './decide.ts';
import { columns, rows } from './policy.ts';

const consent = { enum: [...consents], description: 'In which way a yes must be given.' };
const risk = { enum: [...risks], description: 'What it does.' };
const text = { type: 'string', minLength: 1 };

export const policySchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Runbook policy',
  type: 'object',
  additionalProperties: false,
  properties: {
    version: { const: 1 },
    consent: {
      type: 'object',
      description: 'By class: one consent for all situations, or one for each.',
      additionalProperties: false,
      properties: Object.fromEntries(
        rows.map((row) => [
          row,
          {
            anyOf: [
              consent,
              {
                type: 'object',
                additionalProperties: false,
                properties: Object.fromEntries(columns.map((column) => [column, consent])),
              },
            ],
          },
        ]),
      ),
    },
    targets: {
      type: 'array',
      description:
        'Clusters by what they are, not by what a kubeconfig calls them. One that is not here is production.',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: {
          name: text,
          color: text,
          production: { type: 'boolean', default: true },
          server: text,
          ca: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
          context: text,
          namespaces: { type: 'array', items: text },
        },
        anyOf: [{ required: ['server'] }, { required: ['ca'] }, { required: ['context'] }],
      },
    },
    tools: {
      type: 'array',
      description: 'The project’s own commands, by subcommand.',
      items: {
        type: 'object',
        required: ['command'],
        additionalProperties: false,
        properties: {
          command: text,
          subcommands: { type: 'object', additionalProperties: risk },
          otherwise: risk,
        },
      },
    },
    scripts: {
      type: 'array',
      description: 'Scripts whose content somebody read, by digest.',
      items: {
        type: 'object',
        required: ['path', 'sha256', 'risk'],
        additionalProperties: false,
        properties: { path: text, sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' }, risk },
      },
    },
    acceptWorkspaceTools: {
      anyOf: [{ type: 'boolean' }, { type: 'array', items: text }],
      description:
        'Takes the tools and scripts of workspace policies as they say: all, or those of these digests.',
    },
    allowedSigners: { ...text, description: 'Who may approve: a file as ssh-keygen and git use it.' },
  },
} as const;

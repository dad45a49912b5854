/**
 * What CloudWatch takes as embedded metrics, from the specification of the format: a time in milliseconds, directives with a namespace, sets
 * of at most 30 dimensions and at most 100 metrics, and for each name a member at the root: text of 1 to 1024 characters for a dimension, a
 * number or at most 100 numbers for a metric. The whole line is a log event: 256 KB at most.
 */
import Ajv, { type ValidateFunction } from 'ajv';

const name = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' };

const DOCUMENT = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      additionalProperties: false,
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer', minimum: 1e12, maximum: 1e13 },
        CloudWatchMetrics: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: { ...name, pattern: '^[A-Za-z0-9._/#:-]+$' },
              Dimensions: {
                type: 'array',
                minItems: 1,
                items: { type: 'array', minItems: 1, maxItems: 30, uniqueItems: true, items: name },
              },
              Metrics: {
                type: 'array',
                minItems: 1,
                maxItems: 100,
                items: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['Name', 'Unit'],
                  properties: { Name: name, Unit: { enum: ['Count', 'Milliseconds', 'Seconds'] } },
                },
              },
            },
          },
        },
      },
    },
  },
};

const VALUE = {
  anyOf: [{ type: 'number' }, { type: 'array', minItems: 1, maxItems: 100, items: { type: 'number' } }],
};

const ajv = new Ajv({ strict: false });
const isDocument: ValidateFunction = ajv.compile(DOCUMENT);
const isValue = ajv.compile(VALUE);

interface Document {
  readonly [member: string]: unknown;
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

export interface EmbeddedMetrics {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** @throws Error that says what CloudWatch would not take */
export function readEmbeddedMetrics(line: string): EmbeddedMetrics {
  if (line.includes('\n') || Buffer.byteLength(line) > 256 * 1024) throw new Error('not one log event');
  const document: Document = JSON.parse(line);
  if (!isDocument(document)) throw new Error(ajv.errorsText(isDocument.errors));
  const [directive, ...more] = document._aws.CloudWatchMetrics;
  if (more.length > 0) throw new Error('the reader knows one directive');
  const dimensions = Object.fromEntries(directive.Dimensions[0].map((each) => [each, String(document[each] ?? '')]));
  for (const [each, value] of Object.entries(dimensions)) {
    if (typeof document[each] !== 'string' || value === '' || value.length > 1024) throw new Error(`dimension ${each}`);
  }
  const names: string[] = directive.Metrics.map(({ Name }) => Name);
  if (new Set(names).size !== names.length) throw new Error('a metric is there twice');
  for (const each of names) if (!isValue(document[each])) throw new Error(`metric ${each}: ${document[each]}`);
  const known = new Set(['_aws', ...Object.keys(dimensions), ...names]);
  const strays = Object.keys(document).filter((each) => !known.has(each));
  if (strays.length > 0) throw new Error(`members that are nothing: ${strays}`);
  return {
    dimensions,
    values: Object.fromEntries(names.map((each) => [each, [document[each] as number | number[]].flat()])),
  };
}

/** AWS as far as the handler needs it: dynalite behind a door that writes down every call, and a Secrets Manager with one version a secret. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { ACCOUNT, REGION } from './deployment';

export interface Call {
  readonly action: string;
  readonly resource: string;
}

export interface LocalAws {
  readonly calls: Call[];
  readonly environment: Readonly<Record<string, string>>;
  createTable(table: object): Promise<void>;
  close(): Promise<void>;
}

export async function startLocalAws(secrets: ReadonlyMap<string, string>): Promise<LocalAws> {
  const calls: Call[] = [];
  const dynamodb = dynalite({ createTableMs: 0 });
  const behind = await listen(dynamodb);
  const door = createServer(async (incoming, outgoing) => {
    const body = await read(incoming);
    calls.push(...dynamoDbCalls(operationOf(incoming), JSON.parse(body)));
    forward(behind, incoming, body, outgoing);
  });
  const secretsManager = createServer(answerSecrets(secrets, calls));
  const [dynamodbUrl, secretsUrl] = [await listen(door), await listen(secretsManager)];

  return {
    calls,
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    createTable: async (table) => {
      const headers = {
        'x-amz-target': 'DynamoDB_20120810.CreateTable',
        'content-type': 'application/x-amz-json-1.0',
        authorization:
          'AWS4-HMAC-SHA256 Credential=t/20261122/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
        'x-amz-date': '20261122T000000Z',
      };
      const response = await fetch(behind, { method: 'POST', headers, body: JSON.stringify(table) });
      if (!response.ok) throw new Error(`the template's table cannot be made: ${await response.text()}`);
    },
    close: async () => {
      for (const server of [door, secretsManager, dynamodb]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function dynamoDbCalls(operation: string, body: Record<string, never>): Call[] {
  const tables: string[] = body.RequestItems === undefined ? [body.TableName] : Object.keys(body.RequestItems);
  const index = body.IndexName === undefined ? '' : `/index/${body.IndexName}`;
  return tables.map((table) => ({
    action: `dynamodb:${operation}`,
    resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}${index}`,
  }));
}

function answerSecrets(secrets: ReadonlyMap<string, string>, calls: Call[]): RequestListener {
  return async (incoming, outgoing) => {
    const { SecretId: arn, VersionStage: stage = 'AWSCURRENT' } = JSON.parse(await read(incoming));
    calls.push({ action: `secretsmanager:${operationOf(incoming)}`, resource: arn });
    const text = stage === 'AWSCURRENT' ? secrets.get(arn) : undefined;
    outgoing.setHeader('content-type', 'application/x-amz-json-1.1');
    if (text === undefined)
      outgoing.writeHead(400).end(JSON.stringify({ __type: 'ResourceNotFoundException', message: 'no such version' }));
    else outgoing.end(JSON.stringify({ ARN: arn, SecretString: text, VersionStages: [stage] }));
  };
}

function operationOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target']).split('.')[1];
}

function forward(to: string, { headers, method }: IncomingMessage, body: string, outgoing: ServerResponse): void {
  const onward = request(to, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  onward.end(body);
}

async function read(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text += chunk;
  return text;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The single-Region app as it would be once deployed: what its template's intrinsic functions come to. */
import { randomBytes } from 'node:crypto';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AccountLogging, AllowFrom, Connector, PaymentProcessingService, QrPaymentApi } from '../../src';

export const ACCOUNT = '111122223333';
export const REGION = 'ap-southeast-1';
const TABLE = 'payments-of-the-test';
const RECONCILE_ROLE = 'Reconcile';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
  readonly Properties: any;
}

export interface Right {
  readonly action: string;
  readonly resource: string;
  readonly condition?: object;
}

export class Deployment {
  private readonly resources: Readonly<Record<string, Resource>>;

  constructor() {
    const app = new App();
    const stack = new Stack(app, 'Payments', { env: { account: ACCOUNT, region: REGION } });
    const service = new PaymentProcessingService(stack, 'Service', { connector: Connector.simulator() });
    service.grantReconcile(
      new Role(stack, RECONCILE_ROLE, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
    );
    const allowFrom = [AllowFrom.accounts(ACCOUNT)];
    new QrPaymentApi(stack, 'Api', { service, allowFrom, accountLogging: AccountLogging.EXISTING });
    this.resources = Template.fromStack(stack).toJSON().Resources;
  }

  /** The container's, with what each reference stands for. */
  environment(): Record<string, string> {
    const [container] = this.only('AWS::ECS::TaskDefinition').ContainerDefinitions;
    const entries = container.Environment.map(({ Name, Value }: { Name: string; Value: Json }) => [
      Name,
      this.resolve(Value),
    ]);
    return Object.fromEntries(entries);
  }

  /** The task definition as it stands in the template. */
  task() {
    return this.only('AWS::ECS::TaskDefinition');
  }

  /** What CreateTable takes of the table's properties. */
  table(): object {
    const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } =
      this.only('AWS::DynamoDB::GlobalTable');
    return { TableName: TABLE, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode };
  }

  /** A value for each secret, as Secrets Manager would generate it. */
  secrets(): Map<string, string> {
    const entries = this.idsOf('AWS::SecretsManager::Secret').map((id): [string, string] => {
      const { PasswordLength, ExcludePunctuation } = this.resources[id].Properties.GenerateSecretString;
      if (!ExcludePunctuation) throw new Error(`${id} is not made of letters and digits`);
      const text = randomBytes(PasswordLength * 2)
        .toString('base64')
        .replaceAll(/[^A-Za-z0-9]/g, '');
      return [secretArn(id), text.slice(0, PasswordLength)];
    });
    return new Map(entries);
  }

  /** Each action with each resource that the task role may do it on. */
  taskRights(): Right[] {
    return this.rightsOf(this.only('AWS::ECS::TaskDefinition').TaskRoleArn['Fn::GetAtt'][0]);
  }

  /** The same of the role for whoever reconciles a restored table. */
  reconcileRights(): Right[] {
    return this.rightsOf(this.idsOf('AWS::IAM::Role').find((id) => id.startsWith(RECONCILE_ROLE))!);
  }

  private rightsOf(role: string): Right[] {
    const policies = this.idsOf('AWS::IAM::Policy').filter((id) =>
      this.resources[id].Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role),
    );
    return policies.flatMap((id) =>
      this.resources[id].Properties.PolicyDocument.Statement.flatMap(
        ({ Action, Resource, Condition, Effect }: Record<string, never>) => {
          if (Effect !== 'Allow') throw new Error('only statements that allow are understood here');
          const pairs = [Action]
            .flat()
            .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource })));
          return pairs.map(({ action, resource }) => ({
            action,
            resource: this.resolve(resource),
            condition: Condition,
          }));
        },
      ),
    );
  }

  /** The document that API Gateway imports, with what each reference stands for. */
  body() {
    return this.resolveAll(this.only('AWS::ApiGateway::RestApi').Body);
  }

  private only(type: string) {
    const ids = this.idsOf(type);
    if (ids.length !== 1) throw new Error(`${ids.length} resources of ${type}`);
    return this.resources[ids[0]].Properties;
  }

  private idsOf(type: string): string[] {
    return Object.keys(this.resources).filter((id) => this.resources[id].Type === type);
  }

  private resolveAll(value: Json): Json {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.resolveAll(each));
    if (Object.keys(value).some((name) => name === 'Ref' || name.startsWith('Fn::'))) return this.resolve(value);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.resolveAll(each)]));
  }

  private resolve(value: Json): string {
    if (typeof value === 'string') return value;
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, never>;
    if (join !== undefined) return (join[1] as Json[]).map((part) => this.resolve(part)).join(join[0]);
    const id: string = ref ?? attribute[0];
    switch (this.resources[id]?.Type) {
      case 'AWS::DynamoDB::GlobalTable':
        return ref === undefined ? `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TABLE}` : TABLE;
      case 'AWS::SecretsManager::Secret':
        return secretArn(id);
      case 'AWS::KMS::Key':
        return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
      case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
        return 'load-balancer.internal';
      case 'AWS::ApiGateway::VpcLink':
        return 'vpc-link-1';
      default:
        throw new Error(`what is ${JSON.stringify(value)}?`);
    }
  }
}

function secretArn(id: string): string {
  return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${id}-AbCdEf`;
}

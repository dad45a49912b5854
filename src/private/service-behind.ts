/** Which payment service an API leads to, and how many tasks it always has: what a failover is judged by at synth. */

import type { IPostProcessor, IResolvable, IResolveContext } from 'aws-cdk-lib';
import { DefaultTokenResolver, Reference, StringConcat, Tokenization } from 'aws-cdk-lib';
import { CfnVpcLink } from 'aws-cdk-lib/aws-apigateway';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { IConstruct } from 'constructs';
import { PaymentProcessingService } from '../payment-processing-service';
import type { QrPaymentApi } from '../qr-payment-api';
import { known } from './validation';

/** Nothing where the service is not one of ours: the API takes anything with a load balancer. */
export function serviceBehind(api: QrPaymentApi): PaymentProcessingService | undefined {
  const link = api.vpcLink.node.defaultChild;
  if (!(link instanceof CfnVpcLink)) return undefined;
  const resolver = new ReferenceCollector();
  Tokenization.resolve(link.targetArns, { scope: link, resolver });
  return resolver.targets.flatMap(({ node }) => node.scopes).find((scope) => scope instanceof PaymentProcessingService);
}

export interface Capacity {
  readonly minTaskCount: number;
  readonly maxTaskCount: number;
  /** CPU units of a task. */
  readonly cpu: number;
}

/** Nothing where it is known at deployment only. */
export function capacityOf({ service, taskDefinition }: PaymentProcessingService): Capacity | undefined {
  const scaling = service.node.findAll().find((child) => child instanceof CfnScalableTarget);
  const cpu = Number(taskDefinition.cpu);
  if (!(scaling instanceof CfnScalableTarget)) return undefined;
  const { minCapacity: minTaskCount, maxCapacity: maxTaskCount } = scaling;
  return [minTaskCount, maxTaskCount, cpu].every((it) => known(it) !== undefined)
    ? { minTaskCount, maxTaskCount, cpu }
    : undefined;
}

/** Resolves as always, and notes which resources are spoken of. */
class ReferenceCollector extends DefaultTokenResolver {
  readonly targets: IConstruct[] = [];

  constructor() {
    super(new StringConcat());
  }

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) this.targets.push(token.target);
    return super.resolveToken(token, context, postProcessor);
  }
}

/** What the profiles decide, and that a prop of its own goes before them. */
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type PaymentProcessingServiceProps, ServiceProfile, SessionCache } from '../src';
import { ACCOUNT, apiIn, containerOf, PRIMARY, regionalStack, serviceIn, serviceTemplate } from './private/stacks';

const CERTIFICATE = `arn:aws:acm:${PRIMARY}:${ACCOUNT}:certificate/1`;

function production(props: Partial<PaymentProcessingServiceProps> = {}) {
  const stack = regionalStack(new App(), PRIMARY);
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE);
  const profile = ServiceProfile.production({ certificate, domainName: 'service.example.com' });
  const service = serviceIn(stack, { profile, ...props });
  return { stack, service, template: () => Template.fromStack(stack) };
}

describe('development', () => {
  test('is what there is without a profile', () => {
    const profile = ServiceProfile.development();

    expect(serviceTemplate({ profile }).toJSON()).toEqual(serviceTemplate().toJSON());
  });

  test('is small, and has no cache and no TLS behind the gateway', () => {
    const template = serviceTemplate();

    template.hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: '512', Memory: '1024' });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2 });
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    template.resourceCountIs('AWS::ElastiCache::ServerlessCache', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'TCP', Port: 80 });
  });

  test('protects data as production does', () => {
    serviceTemplate().hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: true })],
    });
  });
});

describe('production', () => {
  test('has TLS from the VPC link to the task', () => {
    const { service, template } = production();

    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'TLS',
      Port: 443,
      Certificates: [{ CertificateArn: CERTIFICATE }],
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
    });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'TLS',
      HealthCheckProtocol: 'HTTPS',
    });
    expect(containerOf(template()).Environment).toContainEqual({ Name: 'TLS', Value: 'self-signed' });
    expect(service.endpointUrl).toBe('https://service.example.com');
  });

  test('the API asks for the name in the certificate', () => {
    const { stack, service } = production();
    apiIn(stack, { service });

    const [api] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::RestApi'));
    const { uri } = api!.Properties.Body.paths['/v1/payments'].post['x-amazon-apigateway-integration'];
    expect(uri).toBe('https://service.example.com/v1/payments');
  });

  test('has a task, a way out and a subnet of each kind in every zone', () => {
    const template = production({ availabilityZones: 2 }).template();

    template.resourceCountIs('AWS::EC2::NatGateway', 2);
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 6 });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: '1024', Memory: '2048' });
  });

  test('logs what flows, encrypted and kept', () => {
    const template = serviceTemplate();

    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      Properties: { KmsKeyId: Match.anyValue(), RetentionInDays: 365 },
    });
  });

  test('has a cache, and a load balancer that cannot be deleted', () => {
    const template = production().template();

    template.resourceCountIs('AWS::ElastiCache::ServerlessCache', 1);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'true' }]),
    });
  });
});

test('a prop of its own goes before the profile', () => {
  const props = { cpu: 2048, memoryLimitMiB: 4096, minTaskCount: 5, sessionCache: SessionCache.none() };
  const template = production(props).template();

  template.hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: '2048', Memory: '4096' });
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 5 });
  template.resourceCountIs('AWS::ElastiCache::ServerlessCache', 0);
});

test('a load balancer in production may be told to be deletable', () => {
  production({ deletionProtection: false })
    .template()
    .hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]),
    });
});

test('the load balancer logs into a bucket that is given', () => {
  const stack = regionalStack(new App(), PRIMARY);
  serviceIn(stack, { loadBalancerLogBucket: new Bucket(stack, 'Bucket') });

  Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    LoadBalancerAttributes: Match.arrayWith([{ Key: 'access_logs.s3.enabled', Value: 'true' }]),
  });
});

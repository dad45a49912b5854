/**
 * What the tasks share for speed: wake-ups of long polls, budgets of callers, rendered pictures. A choice object. No payment depends on
 * it: without a cache, or with one that is gone or wrong, every payment is the same.
 */
import { Names } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { CACHE_ACCESS } from './private/cache-access';
import { checkInteger, known, refuse } from './private/validation';

/** Bounds of a cache that is made. */
export interface ValkeyServerlessProps {
  /**
   * Gigabytes at the most. What would go beyond pushes out the oldest.
   *
   * @default 1
   */
  readonly maximumStorageGb?: number;

  /**
   * ElastiCache processing units a second at the most.
   *
   * @default 5000
   */
  readonly maximumEcpuPerSecond?: number;
}

/** A cache that exists. */
export interface ExistingCacheProps {
  /** `valkeys://host:port` with TLS, `valkey://host:port` without; `rediss://` and `redis://` too. */
  readonly url: string;

  /**
   * User of IAM authentication, of an ElastiCache Serverless cache in this account. Needs `cacheName`.
   *
   * @default - no authentication
   */
  readonly userName?: string;

  /**
   * Name of the cache in ElastiCache, for IAM authentication.
   *
   * @default - no authentication
   */
  readonly cacheName?: string;

  /**
   * Security group of the cache; the tasks get a way in.
   *
   * @default - the cache lets the tasks in already
   */
  readonly securityGroup?: ec2.ISecurityGroup;
}

/** What a cache is given of the service that uses it. */
export interface SessionCacheBindOptions {
  /** Network of the tasks. */
  readonly vpc: ec2.IVpc;

  /** Subnets of the tasks. */
  readonly vpcSubnets: ec2.SubnetSelection;

  /** Encrypts what the cache keeps. */
  readonly encryptionKey: kms.IKey;
}

/** What a cache is to the service that uses it. */
export interface SessionCacheConfig {
  /** Where it is. */
  readonly url: string;

  /** Port of the URL. */
  readonly port: number;

  /**
   * User of IAM authentication.
   *
   * @default - no authentication
   */
  readonly userName?: string;

  /**
   * Name of the cache in ElastiCache.
   *
   * @default - no authentication
   */
  readonly cacheName?: string;

  /**
   * Security group of the cache.
   *
   * @default - none is known
   */
  readonly securityGroup?: ec2.ISecurityGroup;
}

const PORT = 6379;
const DEFAULT_STORAGE_GB = 1;
const DEFAULT_ECPU = 5000;
/** What ElastiCache Serverless takes. */
const STORAGE_GB = { min: 1, max: 5000 };
const ECPU = { min: 1000, max: 15_000_000 };
const NAME_LENGTH = 40;

/** Where the tasks keep what they share. */
export abstract class SessionCache {
  /** ElastiCache Serverless for Valkey: TLS, encrypted, a user of its own with IAM authentication, one a Region. */
  public static valkeyServerless(props: ValkeyServerlessProps = {}): SessionCache {
    return new ValkeyServerless(props);
  }

  /** A Valkey or Redis that exists. The Region's own: a cache in another Region would only slow payments down. */
  public static fromEndpoint(props: ExistingCacheProps): SessionCache {
    return new ExistingCache(props);
  }

  /** None: each task has its own. A long poll hears of a change by another task within two seconds. */
  public static none(): SessionCache {
    return new NoCache();
  }

  /** Called by the service that uses the cache, once. Nothing: there is none. */
  public abstract bind(scope: Construct, options: SessionCacheBindOptions): SessionCacheConfig | undefined;
}

class NoCache extends SessionCache {
  public bind(): undefined {
    return undefined;
  }
}

class ValkeyServerless extends SessionCache {
  constructor(private readonly props: ValkeyServerlessProps) {
    super();
  }

  public bind(scope: Construct, options: SessionCacheBindOptions): SessionCacheConfig {
    const { maximumStorageGb = DEFAULT_STORAGE_GB, maximumEcpuPerSecond = DEFAULT_ECPU } = this.props;
    checkInteger(scope, maximumStorageGb, { prop: 'maximumStorageGb', ...STORAGE_GB });
    checkInteger(scope, maximumEcpuPerSecond, { prop: 'maximumEcpuPerSecond', ...ECPU });
    const { vpc, vpcSubnets, encryptionKey } = options;
    const cacheScope = new Construct(scope, 'Cache');
    const name = nameOf(cacheScope);
    const securityGroup = new ec2.SecurityGroup(cacheScope, 'SecurityGroup', {
      vpc,
      description: 'Session cache of the payment handler',
      allowAllOutbound: false,
    });
    const cache = new elasticache.CfnServerlessCache(cacheScope, 'Cache', {
      serverlessCacheName: name,
      description: 'Sessions of the payment handler; disposable',
      engine: 'valkey',
      majorEngineVersion: '8',
      cacheUsageLimits: {
        dataStorage: { unit: 'GB', maximum: maximumStorageGb },
        ecpuPerSecond: { maximum: maximumEcpuPerSecond },
      },
      kmsKeyId: encryptionKey.keyArn,
      securityGroupIds: [securityGroup.securityGroupId],
      subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
      userGroupId: createUserGroup(cacheScope, name),
    });
    return {
      url: `valkeys://${cache.attrEndpointAddress}:${PORT}`,
      port: PORT,
      userName: name,
      cacheName: name,
      securityGroup,
    };
  }
}

class ExistingCache extends SessionCache {
  constructor(private readonly props: ExistingCacheProps) {
    super();
    const { url, userName, cacheName } = props;
    if (known(url) !== undefined && !/^(valkeys?|rediss?):\/\/[^\s/?#@]+$/.test(url)) {
      refuse('SessionCache.fromEndpoint', {
        code: 'cache-url',
        what: 'url is no address of a cache',
        got: url,
        allowed: 'valkey, valkeys, redis or rediss, a host and a port; no credentials',
        fix: "write it like 'valkeys://cache.internal:6379'",
      });
    }
    if ((userName === undefined) === (cacheName === undefined)) return;
    refuse('SessionCache.fromEndpoint', {
      code: 'cache-iam-incomplete',
      what: `${userName === undefined ? 'cacheName' : 'userName'} is given alone`,
      got: userName ?? cacheName,
      allowed: 'userName and cacheName together: both are in the signature of IAM authentication',
      fix: 'give both, or neither',
    });
  }

  public bind(): SessionCacheConfig {
    return { ...this.props, port: portOf(this.props.url) };
  }
}

/** A user and a group may only be named, and the user's name is its id where IAM authenticates. */
function createUserGroup(scope: Construct, name: string): string {
  const user = new elasticache.CfnUser(scope, 'User', {
    engine: 'valkey',
    userId: name,
    userName: name,
    authenticationMode: { Type: 'iam' },
    accessString: CACHE_ACCESS,
  });
  const group = new elasticache.CfnUserGroup(scope, 'UserGroup', {
    engine: 'valkey',
    userGroupId: name,
    userIds: [user.userId],
  });
  group.node.addDependency(user);
  return group.ref;
}

/** Lower case, for it stands in the host of the signed token; it begins with a letter, as ElastiCache wants it. */
function nameOf(scope: Construct): string {
  const unique = Names.uniqueResourceName(scope, { maxLength: NAME_LENGTH - 1, separator: '-' });
  return `q${unique.toLowerCase()}`;
}

function portOf(url: string): number {
  return known(url) === undefined ? PORT : Number(new URL(url).port || PORT);
}

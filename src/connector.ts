/** How payments reach the bank or processor: a choice without a default, for one of the two moves no money. */
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { checkBaseUrl } from './private/validation';

/** A connector service of the bank's. */
export interface HttpConnectorProps {
  /** Base URL of the bank's connector service, with https and without a trailing slash, query or credentials. */
  readonly url: string;

  /**
   * Signs every request (Standard Webhooks, HMAC-SHA256). Read by the service at start and again every few minutes, so that a
   * new value needs no restart.
   */
  readonly secret: secretsmanager.ISecret;
}

/** The way to the bank or processor. */
export class Connector {
  /** Decides by the payer's token and moves no money. Whoever sends `tok_approve` is approved: for sandboxes only. */
  public static simulator(): Connector {
    return new Connector();
  }

  /** A service of the bank's that speaks the connector protocol. */
  public static http(props: HttpConnectorProps): Connector {
    checkBaseUrl('Connector.http', 'url', props.url);
    return new Connector(props.url, props.secret);
  }

  private constructor(
    /** Base URL of the connector service; none for the simulator. */
    public readonly url?: string,
    /** Secret that requests are signed with; none for the simulator. */
    public readonly secret?: secretsmanager.ISecret,
  ) {}
}

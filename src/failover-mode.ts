/** Who decides that the other Region serves: a choice object. What each promises is in `docs/failing-over.md`. */
import type { Duration } from 'aws-cdk-lib';
import { known, refuse } from './private/validation';

/** What the switch is. */
export interface ManualFailoverProps {
  /**
   * Routing control of Application Recovery Controller that is on while the primary serves.
   *
   * @default - a FailoverSwitch in the standby's Region
   */
  readonly routingControlArn?: string;
}

/** When a Region counts as lost. */
export interface AutomaticFailoverProps {
  /**
   * Time between two requests of one health checker: 10 or 30 seconds. There are about 16 checkers.
   *
   * @default Duration.seconds(10)
   */
  readonly requestInterval?: Duration;

  /**
   * Answers in a row that change a checker's mind.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
}

const ROUTING_CONTROL_ARN = /^arn:[^:]+:route53-recovery-control::\d{12}:controlpanel\/[^/]+\/routingcontrol\/.+$/;

/** Who decides that the standby serves. */
export class FailoverMode {
  /** A person does, by one command. Nothing else moves traffic, in either direction. */
  public static manual(props: ManualFailoverProps = {}): FailoverMode {
    const { routingControlArn } = props;
    if (known(routingControlArn) !== undefined && !ROUTING_CONTROL_ARN.test(routingControlArn!)) {
      refuse('FailoverMode.manual', {
        code: 'routing-control',
        what: 'routingControlArn names no routing control',
        got: routingControlArn,
        allowed: 'arn:aws:route53-recovery-control::<account>:controlpanel/<id>/routingcontrol/<id>',
        fix: 'copy it from Application Recovery Controller, or leave it out',
      });
    }
    return new FailoverMode(undefined, routingControlArn);
  }

  /**
   * Route 53 does, when the primary does not answer that it may take payments. It also goes back by itself, some minutes after the primary
   * answers again; the switch holds traffic at the standby until a person lets it go. Only where payments are strongly consistent.
   */
  public static automatic(props: AutomaticFailoverProps = {}): FailoverMode {
    return new FailoverMode(props, undefined);
  }

  private constructor(
    /**
     * None for a manual one.
     * @internal
     */
    public readonly _automatic: AutomaticFailoverProps | undefined,
    /** @internal */
    public readonly _routingControlArn: string | undefined,
  ) {}
}

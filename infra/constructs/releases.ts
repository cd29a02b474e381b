import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { alarm, sum } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

export interface ReleasesProps {
  stage: Stage;
  /** Each function with the alarms that stop its release and put the old version back. */
  functions: readonly { of: ServiceFunction; alarms: readonly IAlarm[] }[];
}

/** How new versions of a stack's functions take over: as the stage says, and back again when an alarm of theirs goes off. */
export class Releases extends Construct {
  constructor(scope: Construct, id: string, { stage, functions }: ReleasesProps) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    const role = this.#role(functions);
    for (const { of, alarms } of functions) {
      const group = new LambdaDeploymentGroup(this, of.node.id, {
        application,
        alias: of.live,
        alarms: [...alarms],
        deploymentConfig: LambdaDeploymentConfig[stage.release],
        role: role.withoutPolicyUpdates(),
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: alarms.length > 0 },
      });
      group.node.addDependency(role);
    }
  }

  /** What Amazon's own policy for CodeDeploy would allow on every function and alarm, for these alone. */
  #role(functions: ReleasesProps['functions']): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
        resources: functions.flatMap(({ of: { lambda, live } }) => [
          lambda.functionArn,
          Stack.of(this).formatArn({
            service: 'lambda',
            resource: 'function',
            resourceName: `${lambda.functionName}:${live.aliasName}`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ]),
      }),
    );
    const alarms = [...new Set(functions.flatMap((one) => one.alarms.map(({ alarmArn }) => alarmArn)))];
    if (alarms.length > 0) {
      role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: alarms }));
    }
    return role;
  }
}

/** Releases of functions that no caller waits for: each goes by its own failures. */
export function releaseEach(scope: Construct, stage: Stage, functions: readonly ServiceFunction[]): void {
  const alarmsOf = (of: ServiceFunction): IAlarm[] => {
    if (!stage.watch) return [];
    const says = `functions/${of.entry}.ts failed more than once within a minute while a release may be under way: it is rolled back.`;
    const metric = of.lambda.metricErrors({ ...sum, period: Duration.minutes(1) });
    return [alarm(of, 'ReleaseAlarm', { says, runbook: 'release-rolled-back', metric, over: 1 }, stage.watch.owner)];
  };
  if (functions.length > 0) {
    new Releases(scope, 'Releases', { stage, functions: functions.map((of) => ({ of, alarms: alarmsOf(of) })) });
  }
}

import { App } from 'aws-cdk-lib';
import { bundleAll } from '../infra/constructs/bundles.ts';
import { pointsMall } from '../infra/stacks/points-mall.ts';
import { stageNamed } from '../infra/stages.ts';

await bundleAll();
const app = new App();
pointsMall(app, stageNamed(String(app.node.tryGetContext('stage') ?? 'dev')));
app.synth();

import { App } from 'aws-cdk-lib';
import { pointsMall } from '../infra/stacks/points-mall.ts';
import { stageNamed } from '../infra/stages.ts';

const app = new App();
pointsMall(app, stageNamed(String(app.node.tryGetContext('stage') ?? 'dev')));
app.synth();

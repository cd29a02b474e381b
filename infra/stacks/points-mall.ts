import { type App, Tags } from 'aws-cdk-lib';
import { functionsFolder } from '../constructs/bundles.ts';
import { wakeUps as wakeUpsIn } from '../constructs/wake-ups.ts';
import type { Stage } from '../stages.ts';
import { ApiStack } from './api.ts';
import { CalendarStack } from './calendar.ts';
import { DataStack } from './data.ts';
import { EventsStack } from './events.ts';

/** The whole mall at one stage: four stacks, of which only the first holds what must not be lost. */
export function pointsMall(app: App, stage: Stage, functions = functionsFolder): void {
  const prefix = `PointsMall-${stage.name}`;
  const wakeUps = wakeUpsIn(functions);
  const { foundations, table } = new DataStack(app, `${prefix}-Data`, { stage });
  new ApiStack(app, `${prefix}-Api`, { stage, foundations });
  new EventsStack(app, `${prefix}-Events`, { stage, foundations, table, wakeUps });
  new CalendarStack(app, `${prefix}-Calendar`, { stage, foundations, wakeUps });
  Tags.of(app).add('app', 'points-mall');
  Tags.of(app).add('stage', stage.name);
}

import { type App, type Environment, Tags } from 'aws-cdk-lib';
import { functionsFolder } from '../constructs/bundle-options.ts';
import { wakeUps as wakeUpsIn } from '../constructs/wake-ups.ts';
import type { Stage } from '../stages.ts';
import { ApiStack } from './api.ts';
import { CalendarStack } from './calendar.ts';
import { DataStack } from './data.ts';
import { EventsStack } from './events.ts';
import { WatchStack } from './watch.ts';

/**
 * The whole mall at one stage: four stacks, of which only the first holds what must not be lost, and, where the stage
 * is watched, a fifth that watches them. Without `env` the templates fit any region.
 */
export function pointsMall(app: App, stage: Stage, env: Environment = {}): void {
  const prefix = `PointsMall-${stage.name}`;
  const wakeUps = wakeUpsIn(functionsFolder);
  const { foundations, table } = new DataStack(app, `${prefix}-Data`, { stage, env });
  const api = new ApiStack(app, `${prefix}-Api`, { stage, foundations, env });
  const events = new EventsStack(app, `${prefix}-Events`, { stage, foundations, table, wakeUps, env });
  const calendar = new CalendarStack(app, `${prefix}-Calendar`, { stage, foundations, wakeUps, env });
  const { watch } = stage;
  if (watch) new WatchStack(app, `${prefix}-Watch`, { watch, table, api, events, calendar, env });
  Tags.of(app).add('app', 'points-mall');
  Tags.of(app).add('stage', stage.name);
}

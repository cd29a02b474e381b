import { beforeAll } from 'vitest';
import { openFront } from '../../support/front.ts';
import { openMall } from '../../support/mall.ts';
import { countCalls } from './sending.ts';
import { openWorld, type World } from './world.ts';

/** A mall behind real HTTP with something in it of every kind, and its calls to the table counted. */
export function openGround(): { url: string; world: World } {
  openMall();
  const front = openFront();
  const ground = {} as { url: string; world: World };
  beforeAll(async () => {
    ground.world = await openWorld();
    ground.url = front.url;
    countCalls();
  });
  return ground;
}

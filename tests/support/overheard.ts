import { vi } from 'vitest';
import { itemSize, readUnits } from '../../bin/bench/units.ts';
import { client } from '../../shared/table/client.ts';
import { keys } from '../../shared/table/keys.ts';
import { isCount } from './table.ts';

interface Sent {
  input: { ConsistentRead?: boolean; Key?: Attributes; ExpressionAttributeValues?: Attributes };
}
type Attributes = NonNullable<Parameters<typeof itemSize>[0]>;
interface Got {
  Item?: Attributes;
  Items?: Attributes[];
  Responses?: Record<string, Attributes[]>;
}

/** What a container reads now and then by itself, whatever it is asked. */
const BY_ITSELF = [keys.programme(0), keys.signingKey(0), keys.dataKey(''), keys.revocation('', '')].map(
  ({ pk }) => pk,
);

function isByItself(command: Sent): boolean {
  const { Key, ExpressionAttributeValues: values } = command.input;
  const pk = Key?.['pk']?.S ?? values?.[':pk']?.S ?? '';
  return BY_ITSELF.includes(pk);
}

/**
 * The calls to the table since this was last asked, each with the units that it read; with `counts`, those too by which
 * requests and codes are counted.
 */
export function overhear({ counts = false } = {}): () => string[] {
  let heard: string[] = [];
  const real = client.send.bind(client) as (command: unknown, options?: object) => Promise<Got>;
  const send = async (command: Sent, options?: object) => {
    if (isByItself(command) || (!counts && isCount(command))) return real(command, options);
    const name = command.constructor.name;
    const at = heard.push(name) - 1;
    const answer = await real(command, options);
    const items = [answer.Item, ...(answer.Items ?? []), ...Object.values(answer.Responses ?? {}).flat()];
    const bytes = items.reduce((sum, item) => sum + itemSize(item), 0);
    heard[at] = `${name} ${readUnits(bytes, command.input.ConsistentRead === true)}`;
    return answer;
  };
  vi.spyOn(client, 'send').mockImplementation(send as never);
  return () => {
    const said = heard;
    heard = [];
    return said;
  };
}

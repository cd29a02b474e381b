import * as z from 'zod';
import { contract } from '../http/contract.ts';

/** A browser's own business: to miss a cache, or to come back from elsewhere. */
const anything = z.looseObject({});

/** What stands at the door of the API: its description. The same function answers what no route takes. */
export const frontDoorContract = contract(
  'front-door',
  { zh: '接口说明', en: 'The description of this API' },
  {
    document: {
      method: 'GET',
      path: '/openapi.json',
      auth: 'none',
      query: anything,
      summary: { zh: 'OpenAPI 3.1 文档', en: 'This API as OpenAPI 3.1' },
      status: 200,
      response: z.record(z.string(), z.unknown()),
      refusals: [],
    },
    page: {
      method: 'GET',
      path: '/docs',
      auth: 'none',
      query: anything,
      summary: { zh: '接口文档', en: 'This API as a page to read' },
      status: 200,
      response: z.string(),
      media: 'text/html; charset=utf-8',
      refusals: [],
    },
    asset: {
      method: 'GET',
      path: '/docs/{file}',
      auth: 'none',
      summary: { zh: '接口文档所用的文件', en: 'A file that the page needs' },
      query: anything,
      params: z.strictObject({ file: z.enum(['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js']) }),
      status: 200,
      response: z.string(),
      media: 'text/plain; charset=utf-8',
      refusals: [],
    },
  },
);

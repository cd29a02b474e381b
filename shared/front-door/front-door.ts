import { frontDoorContract } from './contract.ts';

/** The page at `/docs`: every operation to read, and to try against the API that serves it. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Points Mall 积分商城 API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<style>
.swagger-ui .info details { border-left: 4px solid #89bf04; margin: 16px 0; padding: 4px 0 4px 16px; }
.swagger-ui .info details summary { cursor: pointer; font-size: 18px; font-weight: 700; }
.swagger-ui .info details pre { background: #f3f4f6; border-radius: 4px; overflow-x: auto; padding: 10px 14px; }
.swagger-ui .info details pre code { background: none; color: #24292f; font-size: 13px; font-weight: 400; padding: 0; }
</style>
</head>
<body>
<div id="api"></div>
<noscript>This page needs JavaScript; <a href="/openapi.json">/openapi.json</a> does not.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

export const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  defaultModelsExpandDepth: 0,
  persistAuthorization: true,
  // The guide stands there in both languages: the reader's own is open.
  onComplete: () => {
    const own = navigator.language.startsWith('zh') ? 'zh' : 'en';
    document.querySelector('details[lang="' + own + '"]')?.setAttribute('open', '');
  },
});
`;

type Paths = Record<string, Record<string, unknown>>;

function matches(template: string, path: string): boolean {
  const wanted = template.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => part === given[i] || (part.startsWith('{') && given[i] !== ''))
  );
}

/** The methods that this path takes, as the document and the front door's own rows say; none when it is no path of ours. */
export function allowedOn(path: string, documented: Paths): string[] {
  const own: Paths = Object.fromEntries(Object.values(frontDoorContract.rows).map((row) => [row.path, { get: row }]));
  const found = Object.entries({ ...documented, ...own }).filter(([template]) => matches(template, path));
  return [
    ...new Set(found.flatMap(([, methods]) => Object.keys(methods).map((method) => method.toUpperCase()))),
  ].toSorted();
}

import type { ServerResponse } from 'node:http';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Carillon, local stack</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
  code { font-size: 0.9rem; }
</style>
<h1>Carillon</h1>
<p>A push-and-ring backend. This is its local stack: the same functions, routes and queues as on AWS, with fakes of FCM
and APNs in place of the real push services. It listens on this machine only.</p>
<ul>
  <li><a href="/console/phones">Phones</a>: call somebody, answer, and break things</li>
  <li><a href="/console/">Console</a>: why a phone rang or did not. <code>npm run console</code> prints its address with a token</li>
  <li><a href="/openapi.json">OpenAPI</a>: the REST API</li>
  <li><a href="/asyncapi.json">AsyncAPI</a>: the WebSocket and the pushes</li>
  <li><a href="/_local/pushes">Pushes</a>: the latest 100 that FCM and APNs have received here</li>
  <li><a href="/_local/queues">Queues</a>: what waits in them</li>
</ul>
<p>To ring a user of this stack, run <code>npm run ring -- --to bob</code>.</p>
</html>
`;

/** Sends the page that says what this server is. */
export function sendHomePage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(PAGE);
}

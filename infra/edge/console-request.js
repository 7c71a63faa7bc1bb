// A CloudFront function (JavaScript runtime 2.0) at each viewer request for the console. Its pages have addresses of their
// own, but only one file: a browser that is sent to any of them gets index.html, which reads the address.

/** What there is beside the pages, below /console/. */
const FILES = ['assets/', 'stage.json', 'runbook.txt', 'icon.svg'];
const CONSOLE = '/console/';

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by its name
function handler(event) {
  const request = event.request;
  if (!request.uri.startsWith(CONSOLE)) {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: { location: { value: CONSOLE } },
    };
  }
  const path = request.uri.slice(CONSOLE.length);
  if (!FILES.some((file) => path.startsWith(file))) request.uri = `${CONSOLE}index.html`;
  return request;
}

import cf from 'cloudfront';

// A CloudFront function (JavaScript runtime 2.0) at each viewer request. It moves what an API Gateway event cannot carry,
// the path of a WebSocket, into the stage and the query. The runtime is ES 5.1 with const, let and arrow functions.

/** The routes that lead to WebSocket APIs, from routes.ts, which writes them here. */
const ROUTES = [];

/** The origin of everything else. */
const REST = 'rest';

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by its name
function handler(event) {
  const request = event.request;
  // The origin sees its own host. This is how it learns which one the viewer asked for, whatever the viewer says of it.
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  const route = ROUTES.find((each) => matches(each.path, request.uri));
  if (!route) return request;
  if (route.transport && !isTransport(request.querystring.transport, route.transport)) {
    cf.selectRequestOriginById(REST);
    return request;
  }
  if (route.query) {
    const value = route.query.value || decoded(request.uri.slice(route.path.length - 1));
    if (route.query.pattern && !new RegExp(route.query.pattern).test(value)) return refused(route.query.name);
    request.querystring = withoutName(request.querystring, route.query.name);
    request.querystring[route.query.name] = { value: value };
  }
  request.uri = `/${route.stage}`;
  return request;
}

/** Whether `uri` fits a path pattern, which may end in `*`. */
function matches(path, uri) {
  return path.endsWith('*') ? uri.startsWith(path.slice(0, -1)) : uri === path;
}

/** Whether the parameter is there once, with that value. */
function isTransport(parameter, value) {
  return parameter !== undefined && !parameter.multiValue && parameter.value === value;
}

/** Decodes a part of the path, once; what cannot be decoded fits no pattern. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (_) {
    return '';
  }
}

/**
 * The query without every parameter that the origin would read as `name`, however the viewer spells it. Some servers take
 * a semicolon for the end of a parameter, so that it is encoded.
 */
function withoutName(query, name) {
  const kept = {};
  Object.keys(query).forEach((key) => {
    if (key === name || decoded(key) === name || (decoded(key) === '' && key !== '')) return;
    const entry = query[key];
    const safe = { value: withoutSemicolons(entry.value) };
    if (entry.multiValue) {
      safe.multiValue = entry.multiValue.map((each) => {
        return { value: withoutSemicolons(each.value) };
      });
    }
    kept[withoutSemicolons(key)] = safe;
  });
  return kept;
}

function withoutSemicolons(text) {
  return text.split(';').join('%3B');
}

function refused(name) {
  const text = `${name} in the path is not valid`;
  return {
    statusCode: 400,
    statusDescription: 'Bad Request',
    headers: { 'content-type': { value: 'application/problem+json' }, 'cache-control': { value: 'no-store' } },
    body: JSON.stringify({
      type: 'about:blank',
      title: 'validation failed',
      status: 400,
      detail: text,
      code: 'validation_failed',
      error: text,
      errors: [{ path: name, message: text }],
    }),
  };
}

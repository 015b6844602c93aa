import { errorTable } from '../errors.ts'

/** Errors that all servers share. A server may replace some of them by its own codes and messages. */
export const fail = errorTable({
  HTTP_INVALID: {
    status: 400,
    message: 'the request is not understood: {problem}',
    next: 'see /openapi.json for parameters and their values',
  },
  HTTP_BAD_URL: {
    status: 400,
    message: 'the address cannot be decoded',
    next: 'percent-encode the bytes of UTF-8 in it, as encodeURIComponent does',
  },
  HTTP_MALFORMED: {
    status: 400,
    message: 'this is not an HTTP/1.1 request: {problem}',
    next: 'mend the program that sends it; the connection is closed',
  },
  HTTP_KEY_WANTED: {
    status: 401,
    message: 'this needs the scope {scope}, and the request carries no key',
    next: 'sign in on the page, or send Authorization: Bearer KEY or an access token of the issuer; keys in the address are not taken, because addresses are logged: a page of another origin reads a stream with fetch, which can set the header, where EventSource cannot',
  },
  HTTP_TOKEN_INVALID: {
    status: 401,
    message: 'the key or token is not accepted: {problem}',
    next: 'use a key of PLAYLOOP_API_KEYS, or a fresh access token of the issuer for this audience',
  },
  HTTP_SCOPE: {
    status: 403,
    message: '{name} may not do this: it needs the scope {scope}',
    next: 'use a key or token with the scope {scope}',
  },
  HTTP_NOT_FOUND: { status: 404, message: 'nothing is served at {path}', next: 'see /openapi.json for what there is' },
  HTTP_METHOD: { status: 405, message: '{path} is not served by {method}', next: 'use one of {allow}' },
  HTTP_TIMEOUT: {
    status: 408,
    message: 'the request did not arrive whole in time',
    next: 'send it again, in one go; the connection is closed',
  },
  HTTP_BODY_TOO_LARGE: {
    status: 413,
    message: 'the body is larger than {limit} bytes',
    next: 'send less in one request',
  },
  HTTP_URL_TOO_LONG: { status: 414, message: 'a part of the address is too long', next: 'send a shorter one' },
  HTTP_MEDIA_TYPE: {
    status: 415,
    message: "a body of the type '{type}' is not taken here",
    next: 'send Content-Type: application/json',
  },
  HTTP_EXPECTATION: {
    status: 417,
    message: "the expectation '{expect}' is not met here",
    next: 'leave Expect out, or send Expect: 100-continue',
  },
  HTTP_HOST: {
    status: 421,
    message: "this server is open to its own machine alone, and the request was sent to '{host}'",
    next: 'ask http://127.0.0.1 or http://localhost; behind a proxy, set PLAYLOOP_API_KEYS, or PLAYLOOP_AUTH=off where the network keeps strangers out',
  },
  HTTP_RATE: {
    status: 429,
    message: 'more than {limit} requests a minute',
    next: 'wait for Retry-After seconds, then send the same request again',
  },
  HTTP_HEADERS_TOO_LARGE: {
    status: 431,
    message: 'the header fields are larger than {limit} bytes',
    next: 'send fewer or shorter ones, cookies above all; the connection is closed',
  },
  HTTP_INTERNAL: {
    status: 500,
    message: 'the server failed on this request',
    next: 'report it with the time of the request; the log of the server has the cause',
  },
  HTTP_STORE_AWAY: {
    status: 503,
    message: 'the store does not answer',
    next: 'ask again in some seconds; /health/ready says when it is back',
  },
  HTTP_DEADLINE: {
    status: 503,
    message: 'the answer was not ready within {seconds} s',
    next: 'ask again in some seconds, or for less',
  },
  HTTP_ISSUER_AWAY: {
    status: 503,
    message: 'the issuer of access tokens does not answer, so the token cannot be checked',
    next: 'ask again in some seconds; keys of PLAYLOOP_API_KEYS go on working',
  },
  HTTP_PORT_TAKEN: {
    status: 500,
    message: 'port {port} is taken by another program',
    next: 'end that program, or choose another port with {variable}; 0 takes any free one',
  },
  HTTP_OPEN_TO_ALL: {
    status: 500,
    message: 'it would listen on {host} with nothing that says who may do what',
    next: 'set PLAYLOOP_API_KEYS (the collector also takes PLAYLOOP_INGEST_KEYS) or PLAYLOOP_OIDC_ISSUER, or bind to 127.0.0.1 with PLAYLOOP_HOST; where the network itself keeps strangers out, say so with PLAYLOOP_AUTH=off',
  },
  HTTP_KEYS_INVALID: {
    status: 500,
    message: 'key {place} is not usable: {problem}',
    next: 'mend PLAYLOOP_API_KEYS or the file of PLAYLOOP_API_KEYS_FILE: NAME:SECRET:scope+scope, one a line in the file, separated by commas in the variable',
  },
  HTTP_KEYS_UNREADABLE: {
    status: 500,
    message: 'the file of keys {file} cannot be read',
    next: 'mend PLAYLOOP_API_KEYS_FILE or the rights of the file, or unset the variable',
  },
  HTTP_AUDIENCE_WANTED: {
    status: 500,
    message: 'PLAYLOOP_OIDC_ISSUER is set without PLAYLOOP_OIDC_AUDIENCE',
    next: 'name the audience that the issuer writes into tokens for playloop: without it a token for any other service would be taken',
  },
})

export type HttpCode = Parameters<typeof fail>[0]

'use strict';

/**
 * Preloaded into each function of the embedded AWS, as a Lambda layer's wrapper would be.
 *
 * CDK's provider framework answers CloudFormation with `https.request({ hostname, path })`: always TLS, always port
 * 443. So a request to the one host of CloudFormation's response URLs is sent to LOCAL_AWS_RESPONSES_URL instead,
 * from outside, with the framework's code untouched. Every other request goes where it wants to.
 */

const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const RESPONSE_HOST = /^cloudformation-custom-resource-response-/;

/** `https.request`, with the requests to CloudFormation's response URLs sent to `target` by `http.request`. */
exports.reroutedRequest = (target, httpsRequest, httpRequest) =>
  function request(...args) {
    const url = typeof args[0] === 'string' ? new URL(args[0]) : args[0] instanceof URL ? args[0] : undefined;
    const [options, callback] = url ? args.slice(1) : args;
    const asked = { ...fromUrl(url), ...(typeof options === 'function' ? undefined : options) };
    const host = asked.hostname ?? asked.host ?? '';
    if (!RESPONSE_HOST.test(host)) {
      return httpsRequest(...args);
    }
    const rerouted = {
      ...asked,
      headers: { ...asked.headers, host },
      protocol: 'http:',
      hostname: target.hostname,
      host: undefined,
      port: target.port,
      agent: undefined,
    };
    return httpRequest(rerouted, typeof options === 'function' ? options : callback);
  };

if (process.env.LOCAL_AWS_RESPONSES_URL) {
  https.request = exports.reroutedRequest(new URL(process.env.LOCAL_AWS_RESPONSES_URL), https.request, http.request);
  syncBuiltinESMExports();
}

function fromUrl(url) {
  return url && { hostname: url.hostname, path: `${url.pathname}${url.search}` };
}

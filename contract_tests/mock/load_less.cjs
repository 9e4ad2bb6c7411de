// Preloaded into the mock: what Prism loads and has no use for here takes half of its start.
"use strict";

const Module = require("node:module");

// Made-up names of all languages, where Prism asks for English ones.
const ENGLISH = { "@faker-js/faker": "@faker-js/faker/locale/en" };
// The mock reads OpenAPI only, connects to nobody, its spec says nothing about made-up values, and nobody reads the
// example of each path that Prism would log.
const LEFT_OUT = {
  "@stoplight/http-spec/postman/operation": {},
  "http-proxy-agent": {},
  "https-proxy-agent": {},
  "../extensions": { configureExtensionsUserProvided: async () => {} },
  "./paths": { createExamplePath: () => ({ _tag: "Left" }) },
};
// Loaded once they are used: made-up values, and what calls others.
const LATER = new Set(["./generator/JSONSchema", "./JSONSchema", "node-fetch"]);

const load = Module._load;

Module._load = function (name, ...rest) {
  const now = () => load.call(this, ENGLISH[name] ?? name, ...rest);
  return LEFT_OUT[name] ?? (LATER.has(name) ? new Proxy({}, { get: (_, part) => now()[part] }) : now());
};

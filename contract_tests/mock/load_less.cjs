// Preloaded into the mock: what Prism loads and has no use for here takes a third of its start.
"use strict";

const Module = require("node:module");

// Made-up names of all languages, where Prism asks for English ones.
const ENGLISH = { "@faker-js/faker": "@faker-js/faker/locale/en" };
// The mock reads OpenAPI only, and connects to nobody.
const LEFT_OUT = new Set(["@stoplight/http-spec/postman/operation", "http-proxy-agent", "https-proxy-agent"]);

const load = Module._load;

Module._load = function (name, ...rest) {
  return LEFT_OUT.has(name) ? {} : load.call(this, ENGLISH[name] ?? name, ...rest);
};

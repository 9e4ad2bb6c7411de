// Compile every schema of a spec in Prism's own validator, and print one line per schema that does not compile.
//
// Prism answers 200 to every body when a schema does not compile, and says nothing: so this runs before the mock does.
// Usage: node compile_schemas.cjs SPEC ARGUMENTS OF PRISM
// The process goes on as Prism's command line once all compiled, with the operations that were read and their compiled
// schemas: nothing is loaded, read or compiled twice.
// It exits with 3 when a schema does not compile.
"use strict";

const path = require("node:path");
const { createRequire } = require("node:module");

const http = createRequire(require.resolve("@stoplight/prism-http/package.json"));
const reader = require("@stoplight/prism-http/dist/utils/operations");
const validators = require("@stoplight/prism-http/dist/validator/validators");
const Ajv = http("ajv/dist/core").default;

const DIALECT = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;
const { ValidationContext } = require("@stoplight/prism-http/dist/validator/validators/types");
// The emptiest form that Prism can take apart; its boundary is x.
const FORM = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';

const compile = Ajv.prototype.compile;
const read = reader.getHttpOperationsFromSpec;
let failure = null;
let compiled = 0;
Ajv.prototype.compile = function (schema, ...rest) {
  compiled += 1;
  try {
    return compile.call(this, schema, ...rest);
  } catch (error) {
    failure = error.message.split("\n")[0];
    throw error;
  }
};

function attempt(problems, label, schema, validate) {
  failure = null;
  const before = compiled;
  validate();
  if (failure !== null) problems.push(`${label}: ${failure}`);
  else if (compiled === before) problems.push(`${label}: Prism did not compile it`);
  if (schema && !DIALECT.test(String(schema.$schema)))
    problems.push(`${label}: its dialect is ${schema.$schema}, which Prism does not take for 2020-12`);
}

async function main(spec) {
  const problems = [];
  const operations = await read(path.resolve(spec));
  for (const operation of operations) {
    const name = `${operation.method.toUpperCase()} ${operation.path}`;
    const bundle = operation.__bundled__;
    const request = operation.request || {};
    for (const content of request.body?.contents || []) {
      const form = content.mediaType === "multipart/form-data";
      const body = form ? FORM : {};
      attempt(problems, `${name} request body`, content.schema, () =>
        validators.validateBody(body, [content], ValidationContext.Input, content.mediaType, form ? "x" : undefined, bundle));
    }
    if (request.query?.length)
      attempt(problems, `${name} query`, null, () => validators.validateQuery({}, request.query, ValidationContext.Input, bundle));
    const path = Object.fromEntries((request.path || []).map((parameter) => [parameter.name, "x"]));
    if (request.path?.length)
      attempt(problems, `${name} path`, null, () => validators.validatePath(path, request.path, ValidationContext.Input, bundle));
    for (const response of operation.responses)
      for (const content of response.contents || [])
        attempt(problems, `${name} response ${response.code}`, content.schema, () =>
          validators.validateBody({}, [content], ValidationContext.Output, content.mediaType, undefined, bundle));
  }
  // Once: a spec that is written anew while it is served is read anew.
  reader.getHttpOperationsFromSpec = async () => {
    reader.getHttpOperationsFromSpec = read;
    return operations;
  };
  if (compiled === 0) problems.push(`${spec}: it has no schema that Prism would check`);
  return problems;
}

function fail(problems, code) {
  for (const problem of problems) console.log(problem);
  process.exit(code);
}

const [node, , spec, ...prism] = process.argv;
main(spec).then(
  (problems) => {
    if (problems.length) fail(problems, 3);
    Ajv.prototype.compile = compile;
    const cli = require.resolve("@stoplight/prism-cli/dist/index.js");
    process.argv = [node, cli, ...prism];
    require(cli);
  },
  (error) => fail([String(error.message || error).split("\n")[0]], 2),
);

// ajv, strict or filling defaults in, as `node ajv.cjs SPEC PROBES strict|useDefaults`. Prints a verdict a probe.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const load = createRequire(`${process.cwd()}/`);
const Ajv = load("ajv/dist/2020").default;
const [spec, probes] = process.argv.slice(2, 4).map((path) => JSON.parse(readFileSync(path, "utf8")));
const ajv = new Ajv({ strict: true, useDefaults: process.argv[4] === "useDefaults" });
load("ajv-formats").default(ajv);
const schemas = JSON.parse(JSON.stringify(spec.components.schemas).replaceAll("#/components/schemas/", "#/$defs/"));
const compiled = {};

function judge({ operation, body }) {
  const [method, path] = operation.split(" ");
  compiled[operation] ??= ajv.compile({
    $defs: schemas,
    ...JSON.parse(
      JSON.stringify(spec.paths[path][method.toLowerCase()].requestBody.content["application/json"].schema).replaceAll(
        "#/components/schemas/",
        "#/$defs/",
      ),
    ),
  });
  return compiled[operation](structuredClone(body));
}

process.stdout.write(JSON.stringify(probes.map(judge)));

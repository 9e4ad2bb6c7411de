// Preloaded into the mock: a body is judged by the variants of its model, so that a hundred cost what eight do, and what
// the variants of other models find wrong is not listed.
"use strict";

const reader = require("@stoplight/prism-http/dist/utils/operations");

const read = reader.getHttpOperationsFromSpec;

reader.getHttpOperationsFromSpec = async (spec) => {
  const operations = await read(spec);
  for (const { request } of operations)
    for (const content of request?.body?.contents ?? []) content.schema = byModel(content.schema);
  return operations;
};

// It means the same where every variant wants an object with a model: only those that name a body's model can match.
function byModel(schema) {
  const models = new Map();
  for (const variant of schema?.oneOf ?? []) {
    const { type, enum: named } = variant.properties?.model ?? {};
    const wanted = variant.type === "object" && variant.required?.includes("model");
    if (type !== "string" || !named || !wanted) return schema;
    for (const model of named) models.set(model, [...(models.get(model) ?? []), variant]);
  }
  if (models.size === 0) return schema;
  const { oneOf, ...rest } = schema;
  const known = {
    type: "object",
    required: ["model"],
    properties: { model: { type: "string", enum: [...models.keys()] } },
  };
  const judged = [...models].map(([model, variants]) => ({
    if: { required: ["model"], properties: { model: { const: model } } },
    then: variants.length === 1 ? variants[0] : { oneOf: variants },
  }));
  return { ...rest, allOf: [...(rest.allOf ?? []), known, ...judged] };
}

// Preloaded into the mock: Prism lists what every branch of a oneOf finds wrong, the same for each mode of a model. Said
// once, the list has room in its header, which is cut off at 8 KB, and takes less time.
"use strict";

const utils = require("@stoplight/prism-http/dist/validator/validators/utils");

const convert = utils.convertAjvErrors;

utils.convertAjvErrors = (errors, ...rest) => convert(once(errors), ...rest);

function once(errors) {
  const said = [];
  const places = new Map();
  for (const error of errors) {
    const { instancePath, message, params } = error;
    const messages = entry(places, instancePath, () => new Map());
    const names = entry(messages, message, () => new Map());
    const same = entry(names, params.additionalProperty ?? params.unevaluatedProperty, () => {
      const first = { ...error, allowed: new Set() };
      said.push(first);
      return first;
    });
    for (const value of params.allowedValues ?? []) same.allowed.add(value);
  }
  for (const each of said) {
    // What several branches allow is told together.
    if (each.params.allowedValues) each.params = { ...each.params, allowedValues: [...each.allowed] };
  }
  return said;
}

function entry(map, key, make) {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

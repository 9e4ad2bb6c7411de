// Preloaded into the mock: Prism puts names and options into its headers as JSON, and exits on a
// character that no header can carry. Escaped as JSON has it, the header still says the same.
"use strict";

const { ServerResponse } = require("node:http");

const setHeader = ServerResponse.prototype.setHeader;

ServerResponse.prototype.setHeader = function (name, value) {
  const escaped = typeof value === "string" ? value.replace(/[^\t\x20-\x7e\xa0-\xff]/g, escape) : value;
  return setHeader.call(this, name, escaped);
};

function escape(character) {
  return "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
}

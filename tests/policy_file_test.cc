// SPDX-License-Identifier: Apache-2.0
// Policy files: what is read out of the fixtures, and docs/schema/policy.schema.json, which is made from the rows of the reader:
// where it is out of date, this fails; PEEKR_ACCEPT=1 writes it. docs/policy.md has each row in its table.
#include "policy/policy_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "base/text.h"
#include "fixture.h"

namespace peekr {
namespace {

namespace fs = fixture::fs;
using Kind = Setting::Kind;

std::string shown(const PolicyFile& file) {
  std::string out;
  for (const PolicyFile::Given& one : file.given)
    out += one.where + ": " + std::string(one.row->name) + " = " + join(one.values, " | ") + "\n";
  for (const Gate& one : file.gates) {
    out += one.where + ": gate " + one.name + ": " + one.when.text() + ": " + one.reason +
           (one.until.empty() ? "" : ": until " + one.until) + "\n";
  }
  for (const Exception& one : file.exceptions.rules) out += words(one) + "\n";
  return out;
}

void check_case(const fixture::Case& one) {
  const fs::path folder = fixture::input(one);
  std::string got;
  for (const std::string& name : fixture::files(folder)) {
    const Result<PolicyFile> file = read_policy("team/" + name, fixture::slurp(folder / name));
    got += "== " + name + "\n" + (file ? shown(*file) : "error: " + file.error().message + "\n");
  }
  fixture::expect(one, got);
}

TEST(PolicyFile, is_read_as_the_fixtures_want) {
  for (const fixture::Case& one : fixture::cases("policy")) {
    if (one.row == "policy_file") check_case(one);
  }
}

// One piece of the schema, behind a name or as an item.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return out + "\"";
}

std::string type_of(const Setting& row) {
  switch (row.kind) {
    case Kind::text:
      return row.name == "fail-on-base" ? R"("enum": ["on", "off", true, false])" : R"("type": "string")";
    case Kind::file: return R"("type": "string")";
    case Kind::number: return R"("type": "integer", "minimum": 0, "maximum": 255)";
    case Kind::flag: return R"("type": "boolean")";
    case Kind::list:
    case Kind::files: return R"("type": ["string", "array"], "items": {"type": "string"}, "minItems": 1)";
  }
  return {};
}

std::string property(std::string_view name, const std::string& type, std::string_view about) {
  return quoted(name) + ": {" + type + ", \"description\": " + quoted(about) + "}";
}

std::string joined(const std::vector<std::string>& lines, std::string_view indent) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i)
    out += std::string(indent) + lines[i] + (i + 1 < lines.size() ? ",\n" : "\n");
  return out;
}

// A list of records with these properties, and no others.
std::string records(std::string_view name, const std::vector<std::string>& properties,
                    const std::string& wanted, std::string_view about) {
  return quoted(name) + ": {\"type\": \"array\", \"description\": " + quoted(about) +
         ", \"items\": {\"type\": \"object\", \"additionalProperties\": false, " + wanted +
         ", \"properties\": {\n" + joined(properties, "      ") + "    }}}";
}

std::string gates() {
  std::vector<std::string> fields, required;
  for (const GateField& row : gate_fields()) {
    fields.push_back(property(row.name, R"("type": "string", "minLength": 1)", row.about));
    if (row.required) required.push_back(quoted(row.name));
  }
  return records("gates", fields, "\"required\": [" + join(required, ", ") + "]",
                 "each is hit by a finding for which its condition holds: exit code 2, its name and its "
                 "reason are told");
}

std::string exceptions() {
  std::vector<std::string> fields, one_of;
  for (const ExceptionKey& row : exception_keys()) {
    const std::string many =
        R"("type": ["string", "number", "array"], "items": {"type": ["string", "number"]}, "minItems": 1)";
    fields.push_back(property(row.name, row.what ? many : R"("type": "string")", row.about));
    if (row.what) one_of.push_back("{\"required\": [" + quoted(row.name) + "]}");
  }
  return records("exceptions", fields, "\"anyOf\": [" + join(one_of, ", ") + "]",
                 "findings that can be lived with, as in .peekrignore.yaml");
}

std::string schema() {
  std::vector<std::string> properties;
  for (const Setting& row : settings())
    properties.push_back(property(row.name, type_of(row), std::string(row.about).append(row.usage)));
  properties.push_back(gates());
  properties.push_back(exceptions());
  return R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:peekr:schema:policy:1",
  "title": "policy file of peekr, in YAML",
  "description": "What stops an image, and what does not (docs/policy.md). Made from the rows of the reader.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
)" + joined(properties, "    ") +
         "  }\n}\n";
}

TEST(PolicyFile, has_the_schema_of_its_rows) {
  const fs::path file = fs::path(PEEKR_SOURCE_DIR) / "docs" / "schema" / "policy.schema.json";
  if (std::getenv("PEEKR_ACCEPT") != nullptr) std::ofstream(file, std::ios::binary) << schema();
  EXPECT_EQ(fixture::slurp(file), schema()) << "run this test with PEEKR_ACCEPT=1";
}

TEST(PolicyFile, has_a_document_that_knows_all_keys) {
  const std::string document = fixture::slurp(fs::path(PEEKR_SOURCE_DIR) / "docs" / "policy.md");
  const std::string part = document.substr(std::min(document.find("## A policy file"), document.size()));
  const auto knows = [&](std::string_view name) {
    return part.find("`" + std::string(name) + "`") != std::string::npos;
  };
  for (const Setting& row : settings()) EXPECT_TRUE(knows(row.name)) << row.name;
  for (const GateField& row : gate_fields()) EXPECT_TRUE(knows(row.name)) << row.name;
  for (const ExceptionKey& row : exception_keys())
    EXPECT_NE(document.find(std::string(row.name) + ": "), std::string::npos) << row.name;
}

TEST(PolicyFile, every_setting_is_set_by_its_option) {
  for (const Setting& row : settings()) {
    EXPECT_TRUE(row.names.ends_with("--" + std::string(row.name)) ||
                row.names.starts_with("--" + std::string(row.name)))
        << row.name;
    EXPECT_EQ(row.value.empty(), row.kind == Kind::flag) << row.name;
  }
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3 as "Tag: value" lines (spdx.github.io/spdx-spec/v2.3); what is in it: report/spdx.h. A value is one line, so
// none can pass for a tag; what is free text stands in <text>.
#include <algorithm>

#include "report/spdx.h"

namespace peekr {
namespace {

void line(std::string& out, std::string_view tag, std::string_view value) {
  if (!value.empty()) out += std::string(tag) + ": " + std::string(value) + "\n";
}

void free_text(std::string& out, std::string_view tag, std::string text) {
  if (text.empty()) return;
  std::ranges::replace(text, '<', '(');  // no "</text>"
  line(out, tag, "<text>" + text + "</text>");
}

void write_package(const SpdxPackage& one, std::string& out) {
  out += '\n';
  line(out, "PackageName", one.name);
  line(out, "SPDXID", one.id);
  line(out, "PackageVersion", one.version);
  line(out, "PackageSupplier", one.supplier);
  line(out, "PackageDownloadLocation", kNoAssertion);
  line(out, "FilesAnalyzed", "false");
  if (!one.hash.empty()) line(out, "PackageChecksum", one.algorithm + ": " + one.hash);
  line(out, "PackageLicenseConcluded", kNoAssertion);
  line(out, "PackageLicenseDeclared", one.license);
  free_text(out, "PackageLicenseComments", one.license_comment);
  line(out, "PackageCopyrightText", kNoAssertion);
  free_text(out, "PackageComment", one.comment);
  for (const SpdxReference& of : one.references) {
    line(out, "ExternalRef", std::string(of.category) + " " + std::string(of.type) + " " + of.locator);
    free_text(out, "ExternalRefComment", of.comment);
  }
  std::string purpose(one.purpose);
  std::ranges::replace(purpose, '_', '-');
  line(out, "PrimaryPackagePurpose", purpose);
}

void write(const SpdxDocument& document, std::string& out) {
  line(out, "SPDXVersion", "SPDX-2.3");
  line(out, "DataLicense", "CC0-1.0");
  line(out, "SPDXID", kSpdxDocument);
  line(out, "DocumentName", document.name);
  line(out, "DocumentNamespace", document.uri);
  free_text(out, "DocumentComment", document.comment);
  line(out, "Creator", document.creator);
  line(out, "Created", document.created);
  for (const SpdxPackage& one : document.packages) write_package(one, out);
  out += '\n';
  for (const SpdxRelationship& one : document.relationships)
    line(out, "Relationship", one.from + " " + std::string(one.type) + " " + one.to);
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  write(spdx_document(report, Extent::findings), out);
}

void inventory(const Report& report, const Style& /*style*/, std::string& out) {
  write(spdx_document(report, Extent::packages), out);
}

}  // namespace

namespace reporters {
extern const Reporter spdx_tag_value;
constexpr Reporter spdx_tag_value = {.name = "spdx-tag-value",
                                     .about = "SPDX 2.3, lines of tags: the same as spdx-json",
                                     .scan = scan,
                                     .inventory = inventory};
}  // namespace reporters

}  // namespace peekr

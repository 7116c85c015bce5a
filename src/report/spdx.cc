// SPDX-License-Identifier: Apache-2.0
#include "report/spdx.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/rulings.h"
#include "report/spdx_license.h"

namespace peekr {
namespace {

// "[idstring]": letters, digits, "." and "-"; the number makes it the only one.
std::string id_of(std::string_view kind, std::string_view name, std::size_t number) {
  std::string out = "SPDXRef-" + std::string(kind) + "-";
  for (const char c : name) out += is_alpha(c) || is_digit(c) || c == '.' ? c : '-';
  return out + "-" + std::to_string(number);
}

void set_hash(SpdxPackage& package, const Digest& digest) {
  package.algorithm = digest.algorithm == "sha512" ? "SHA512" : "SHA256";
  package.hash = digest.hex;
}

SpdxPackage image_package(const ImageInfo& image) {
  const ImageName name = name_of(image);
  SpdxPackage package{.id = "SPDXRef-Image",
                      .name = one_line(name.repository.empty() ? image.name : name.repository),
                      .version = one_line(name.tag),
                      .license = std::string(kNoAssertion),
                      .purpose = has_layers(image) ? "CONTAINER" : "FILE"};
  if (package.name.empty()) package.name = "image";
  if (!image.digest.empty()) set_hash(package, image.digest);
  if (!image.id.empty()) package.comment = "configuration " + image.id.str();
  if (const std::string url = purl(image); !url.empty())
    package.references.push_back({"PACKAGE-MANAGER", "purl", url, ""});
  return package;
}

SpdxPackage distro_package(const Distro& distro) {
  return {.id = "SPDXRef-OperatingSystem",
          .name = distro.id.empty() ? "unknown" : one_line(distro.id),
          .version = one_line(distro.version_id),
          .license = std::string(kNoAssertion),
          .purpose = "OPERATING_SYSTEM",
          .comment = one_line(distro.name)};
}

// Of a blob that is stored nowhere (docker-archive) the checksum of the unpacked tar is all that is known.
SpdxPackage layer_package(const ImageInfo& image, std::size_t index) {
  const LayerInfo& layer = image.layers[index];
  SpdxPackage package{.id = "SPDXRef-Layer-" + std::to_string(index),
                      .name = fmt::format("layer {} of {}", index + 1, image.layers.size()),
                      .license = std::string(kNoAssertion),
                      .purpose = "FILE"};
  set_hash(package, layer.digest.empty() ? layer.diff_id : layer.digest);
  if (!layer.diff_id.empty()) package.comment = "unpacked " + layer.diff_id.str();
  if (is_of_base(image, index)) package.comment += "; of the base image";
  return package;
}

std::string marks_of(const Package& package) {
  std::vector<std::string> marks;
  if (!package.path.empty()) marks.push_back("in " + package.path.str());
  if (package.declared) marks.emplace_back("declared by a lock file, not seen installed");
  if (package.claimed) marks.emplace_back("claimed by an SBOM");
  if (package.remnant) marks.emplace_back("no file of it is left");
  return one_line(join(marks, "; "));
}

void set_license(SpdxPackage& to, std::vector<std::string> licenses) {
  sort_unique(licenses);
  std::erase(licenses, "");
  to.license = spdx_expression(licenses);
  if (!to.license.empty()) return;
  to.license = kNoAssertion;
  if (!licenses.empty()) to.license_comment = one_line("the package says: " + join(licenses, ", "));
}

SpdxPackage package_of(const Package& package, std::size_t index) {
  const std::string& supplier = package.vendor.empty() ? package.maintainer : package.vendor;
  SpdxPackage to{.id = id_of("Package", package.name, index),
                 .name = one_line(package.name),
                 .version = one_line(full_version(package)),
                 .purpose = package.by_content ? "APPLICATION" : "LIBRARY",
                 .comment = marks_of(package)};
  // "Name <address>": the address would want another form, and is nobody's business.
  const std::string who = one_line(cut(supplier, '<').first);
  if (!who.empty()) to.supplier = "Organization: " + who;
  set_license(to, package.licenses);
  if (!package.purl.empty()) to.references.push_back({"PACKAGE-MANAGER", "purl", address(package.purl), ""});
  for (const std::string& cpe : package.cpes)
    to.references.push_back(
        {"SECURITY", cpe.starts_with("cpe:/") ? "cpe22Type" : "cpe23Type", address(cpe), ""});
  return to;
}

SpdxPackage file_package(const Unidentified& file, std::size_t index) {
  SpdxPackage package{.id = "SPDXRef-Unidentified-" + std::to_string(index),
                      .name = one_line(file.path.str()),
                      .license = std::string(kNoAssertion),
                      .purpose = "FILE",
                      .comment = "an executable that nothing accounts for"};
  if (!file.sha256.empty()) set_hash(package, {"sha256", file.sha256});
  return package;
}

void add_findings(const Report& report, std::size_t first, SpdxDocument& to) {
  for (const Finding& one : report.findings.list) {
    const std::string advice = advice_on(one, report.inventory);
    to.packages[first + one.package].references.push_back(
        {"SECURITY", "advisory", page_of(one.id),
         one_line(one.id + ", " + std::string(grade_of(one)) + ": " + advice)});
  }
}

std::string comment_on(const Report& report, Extent extent) {
  std::vector<std::string> lines;
  if (extent == Extent::findings) {
    lines.push_back("assessment: " + std::string(name(assessment(report))));
    for (const std::string& reason : not_assessed(report)) lines.push_back("not assessed: " + reason);
  }
  for (const Note& note : all_notes(report)) lines.push_back("gap: " + words(note));
  return one_line(join(lines, "; "));
}

}  // namespace

SpdxDocument spdx_document(const Report& report, Extent extent) {
  const ImageInfo& image = report.image;
  SpdxDocument document{
      .uri = "urn:uuid:" + uuid_of(report, extent == Extent::findings ? "spdx scan" : "spdx inventory"),
      .created = report.created,
      .creator = "Tool: peekr-" + report.version,
      .comment = comment_on(report, extent)};
  std::vector<std::string> layers;
  const auto add = [&](SpdxPackage package, std::string whole) {
    document.relationships.push_back({whole, whole == kSpdxDocument ? "DESCRIBES" : "CONTAINS", package.id});
    document.packages.push_back(std::move(package));
  };
  const auto holder = [&](std::size_t layer) {
    return layer < layers.size() ? layers[layer] : document.packages.front().id;
  };
  add(image_package(image), std::string(kSpdxDocument));
  document.name = document.packages.front().name;
  const std::string whole = document.packages.front().id;
  if (report.inventory.distro) add(distro_package(*report.inventory.distro), whole);
  for (std::size_t i = 0; has_layers(image) && i < image.layers.size(); ++i) {
    add(layer_package(image, i), whole);
    layers.push_back(document.packages.back().id);
  }
  const std::size_t first = document.first = document.packages.size();
  const std::vector<Package>& packages = report.inventory.packages;
  for (std::size_t i = 0; i < packages.size(); ++i)
    add(package_of(packages[i], i), holder(packages[i].layer));
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (packages[i].owner)
      document.relationships.push_back(
          {document.packages[first + *packages[i].owner].id, "CONTAINS", document.packages[first + i].id});
  }
  const std::vector<Unidentified>& files = report.inventory.completeness.unidentified;
  for (std::size_t i = 0; i < files.size(); ++i) add(file_package(files[i], i), holder(files[i].layer));
  if (extent == Extent::findings) add_findings(report, first, document);
  return document;
}

}  // namespace peekr

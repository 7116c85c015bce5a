// SPDX-License-Identifier: Apache-2.0
// SPDX 2 of catalog/sbom.h, in its two forms. What is wrong with one component is a Note; the others count.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

bool is_system(std::string_view purpose) {
  return purpose == "OPERATING-SYSTEM" || purpose == "OPERATING_SYSTEM";
}

bool is_package(std::string_view purpose) {
  constexpr std::array<std::string_view, 3> kNone = {"CONTAINER", "DEVICE", "FILE"};
  return std::ranges::find(kNone, purpose) == kNone.end();
}

// What Trivy says beside: "Class: lang-pkgs", "Modularitylabel: nodejs:16:8080020230818:rhel8".
std::vector<std::string> remarks(object one, FileNotes& notes) {
  std::vector<std::string> texts = json_texts(one, "attributionTexts");
  for (const object note : json_objects(one, "annotations", notes))
    texts.push_back(json_text(note, "comment"));
  return texts;
}

// Empty: there is none of that name.
std::string remark(const std::vector<std::string>& all, std::string_view name) {
  for (const std::string& text : all) {
    const auto [key, value] = cut(text, ':');
    if (key == name) return std::string(trim(value));
  }
  return {};
}

// Trivy's heading over the packages of a language, or of a lock file: no package.
bool is_heading(object one, FileNotes& notes) {
  return json_text(one, "versionInfo").empty() && !remark(remarks(one, notes), "Class").empty();
}

SbomComponent spdx_package(object one, FileNotes& notes) {
  SbomComponent component{.name = json_text(one, "name"), .version = json_text(one, "versionInfo")};
  component.upstream = upstream_in(json_text(one, "sourceInfo"));
  component.modularity = remark(remarks(one, notes), "Modularitylabel");
  add_text(json_text(one, "licenseDeclared"), component.licenses);
  if (component.licenses.empty()) add_text(json_text(one, "licenseConcluded"), component.licenses);
  for (const object reference : json_objects(one, "externalRefs", notes)) {
    const std::string type = last_word(json_text(reference, "referenceType"));
    if (component.purl.empty() && type == "purl")
      component.purl = json_purl(reference, "referenceLocator", notes);
    if (type == "cpe23Type" || type == "cpe22Type")
      add_text(json_text(reference, "referenceLocator"), component.cpes);
  }
  return component;
}

// "Tag: value" lines; a value may be "<text>", lines, "</text>". Empty lines and "# ..." say nothing.
class TagReader {
 public:
  struct Line {
    std::string_view tag, value;
  };
  explicit TagReader(std::string_view bytes) : rest_(bytes) {}

  bool next(Line& line) {
    while (!rest_.empty()) {
      ++number_;
      const std::string_view text = trim(next_line(rest_));
      if (text.empty() || text.starts_with('#')) continue;
      const std::size_t colon = text.find(':');
      const std::string_view tag = text.substr(0, colon);
      if (colon == 0 || colon == std::string_view::npos || std::ranges::any_of(tag, is_space)) {
        bad();
        continue;
      }
      line = {tag, trim(text.substr(colon + 1))};
      skip_text(line.value);
      line.value = bare(line.value);
      return true;
    }
    return false;
  }

  void note_bad_lines(FileNotes& notes) const {
    if (bad_ == 0) return;
    notes.add(Why::damaged, "not \"Tag: value\": line " + std::to_string(first_bad_) +
                                (bad_ == 1 ? "" : " and " + std::to_string(bad_ - 1) + " more"));
  }

 private:
  static constexpr std::string_view kBegin = "<text>", kEnd = "</text>";

  // The first line of a text.
  static std::string_view bare(std::string_view value) {
    if (value.starts_with(kBegin)) value = trim(value.substr(kBegin.size()));
    return trim(value.substr(0, value.find(kEnd)));
  }

  void bad() {
    if (bad_++ == 0) first_bad_ = number_;
  }

  // Over the lines that follow of a text.
  void skip_text(std::string_view value) {
    if (!value.starts_with(kBegin) || value.contains(kEnd)) return;
    const std::size_t end = ends_ ? rest_.find(kEnd) : std::string_view::npos;
    ends_ = end != std::string_view::npos;
    if (!ends_) return bad();  // the lines after it are read as lines
    const std::string_view inside = rest_.substr(0, end + kEnd.size());
    number_ += static_cast<std::size_t>(std::ranges::count(inside, '\n'));
    ++number_;
    rest_.remove_prefix(inside.size());
    if (!rest_.empty()) next_line(rest_);
  }

  std::string_view rest_;
  std::size_t number_ = 0, bad_ = 0, first_bad_ = 0;
  bool ends_ = true;  // false: there is no "</text>" ahead, which is not looked for again
};

// The word before the first blanks, which it takes off.
std::string_view next_word(std::string_view& text) {
  const std::size_t end = static_cast<std::size_t>(std::ranges::find_if(text, is_space) - text.begin());
  const std::string_view word = text.substr(0, end);
  text = trim(text.substr(end));
  return word;
}

// ExternalRef: PACKAGE-MANAGER purl pkg:npm/foobar@12.3.1
void add_reference(std::string_view value, SbomComponent& to) {
  next_word(value);
  const std::string type = last_word(std::string(next_word(value)));
  if (type == "purl" && to.purl.empty()) to.purl = value;
  if (type == "cpe23Type" || type == "cpe22Type") add_text(std::string(value), to.cpes);
}

// "Tool: syft-1.4.1"; people and organizations are none.
void add_creator(std::string_view text, SbomComponents& to) {
  constexpr std::string_view kTool = "Tool:";
  if (text.starts_with(kTool)) to.push_back(tool_called(trim(text.substr(kTool.size()))));
}

}  // namespace

void add_text(std::string text, std::vector<std::string>& texts) {
  if (!text.empty() && text != "NOASSERTION" && text != "NONE") texts.push_back(std::move(text));
}

std::string last_word(std::string iri) {
  iri.erase(0, iri.rfind('/') + 1);
  return iri;
}

std::string upstream_in(std::string_view source_info) {
  constexpr std::string_view kFront = "built package from: ";
  if (!source_info.starts_with(kFront)) return {};
  const auto [name, version] = cut(trim(source_info.substr(kFront.size())), ' ');
  return std::string(name) + (version.empty() ? "" : "@" + std::string(version));
}

SbomComponent tool_called(std::string_view text) {
  const std::size_t end = std::min(text.find_last_of("- "), text.size());
  const std::string_view version = text.substr(std::min(end + 1, text.size()));
  return {.name = std::string(text.substr(0, end)), .version = std::string(version), .tool = true};
}

std::string json_purl(object from, std::string_view key, FileNotes& notes) {
  element value;
  if (from.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return {};
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) return std::string(text);
  object inside;
  std::string text;
  if (value.get(inside) == simdjson::SUCCESS) {
    text = json_text(inside, "@value");
    if (text.empty()) text = json_text(inside, "@id");
  }
  if (text.empty()) notes.add(Why::damaged, std::string(key) + ": not a text");
  return text;
}

void note_if_unlisted(const SbomComponents& all, std::string_view list, bool listed, FileNotes& notes) {
  if (all.empty() && !listed) notes.add(Why::unsupported, "no list of " + std::string(list) + " in it");
}

SbomComponents read_spdx(object root, FileNotes& notes) {
  SbomComponents all;
  for (const object one : json_objects(root, "packages", notes)) {
    const std::string purpose = json_text(one, "primaryPackagePurpose");
    if (!is_package(purpose) || is_heading(one, notes)) continue;
    all.push_back(spdx_package(one, notes));
    all.back().system = is_system(purpose);
  }
  note_if_unlisted(all, "packages", root.at_key("packages").error() == simdjson::SUCCESS, notes);
  object creation;
  if (root.at_key("creationInfo").get(creation) != simdjson::SUCCESS) return all;
  for (const std::string& one : json_texts(creation, "creators")) add_creator(one, all);
  return all;
}

SbomComponents read_spdx_tags(std::string_view bytes, FileNotes& notes) {
  SbomComponents all, tools;
  bool package = true;  // the last one begun
  bool any = false;
  std::vector<std::string> concluded;  // of it: what counts where nothing is declared
  const auto end_package = [&] {
    if (!package) all.pop_back();
    if (package && !all.empty() && all.back().licenses.empty()) all.back().licenses = concluded;
    concluded.clear();
  };
  TagReader reader(bytes);
  for (TagReader::Line line; reader.next(line);) {
    const auto [tag, value] = line;
    if (tag == "Creator") add_creator(value, tools);
    if (tag == "PackageName") {
      end_package();
      all.push_back({.name = std::string(value)});
      package = any = true;
    }
    if (all.empty()) continue;
    if (tag == "PrimaryPackagePurpose") {
      package = is_package(value);
      all.back().system = is_system(value);
    }
    if (tag == "PackageVersion") all.back().version = value;
    if (tag == "PackageLicenseDeclared") add_text(std::string(value), all.back().licenses);
    if (tag == "PackageLicenseConcluded") add_text(std::string(value), concluded);
    if (tag == "PackageSourceInfo") all.back().upstream = upstream_in(value);
    if (tag == "ExternalRef") add_reference(value, all.back());
  }
  end_package();
  reader.note_bad_lines(notes);
  note_if_unlisted(all, "packages", any, notes);
  std::ranges::move(tools, std::back_inserter(all));
  return all;
}

}  // namespace peekr

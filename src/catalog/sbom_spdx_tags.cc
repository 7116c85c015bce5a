// SPDX-License-Identifier: Apache-2.0
// SPDX 2 in lines of "Tag: value" (spdx.github.io/spdx-spec/v2.3):
//
//   SPDXVersion: SPDX-2.3
//   PackageName: nodejs
//   SPDXID: SPDXRef-Package-1
//   PackageVersion: 16.20.1
//   PackageAttributionText: <text>Modularitylabel: nodejs:16:80:ab</text>
//   ExternalRef: PACKAGE-MANAGER purl pkg:rpm/almalinux/nodejs@16.20.1
//   SPDXREF: SPDXRef-Package-1
//   AnnotationComment: <text>Modularitylabel: nodejs:16:80:ab</text>
//
// The fields of a package stand behind its name; an annotation, wherever it stands, says by SPDXREF whose it is.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

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
void add_reference(std::string_view value, SpdxDescription& to) {
  next_word(value);
  const std::string type = last_word(std::string(next_word(value)));
  if (type == "purl") add_text(std::string(value), to.purls);
  if (type == "cpe23Type" || type == "cpe22Type") add_text(std::string(value), to.component.cpes);
}

void add_field(const TagReader::Line& line, SpdxDescription& to) {
  const auto [tag, value] = line;
  if (tag == "PrimaryPackagePurpose") to.purpose = value;
  if (tag == "PackageVersion") to.component.version = spdx_text(std::string(value));
  if (tag == "PackageLicenseDeclared") add_text(std::string(value), to.component.licenses);
  if (tag == "PackageLicenseConcluded") add_text(std::string(value), to.concluded);
  if (tag == "PackageSourceInfo") to.component.upstream = upstream_in(value);
  if (tag == "PackageSupplier") to.component.vendor = spdx_organization(value);
  if (tag == "ExternalRef") add_reference(value, to);
}

// Which package a line is about that need not stand behind its name.
class Places {
 public:
  // packages: how many there are, with the one that the line begins.
  void read(const TagReader::Line& line, std::size_t packages) {
    packages_ = packages;
    if (line.tag == "PackageName" || line.tag == "FileName") named_ = line.tag == "FileName";
    if (line.tag == "SPDXID" && packages > 0 && !named_) {  // the first: files have some, too
      packages_by_id_[std::string(line.value)] = packages - 1;
      named_ = true;
    }
    if (line.tag == "SPDXREF") about_ = line.value;
    if (line.tag == "Relationship") relate(line.value);
  }
  // The package that the document is about, where it is one.
  [[nodiscard]] std::optional<std::size_t> described() const {
    return described_.size() == 1 ? place_of(*described_.begin()) : std::nullopt;
  }
  [[nodiscard]] std::optional<std::size_t> of(std::string_view tag) const {
    return tag == "AnnotationComment" ? place_of(about_) : packages_ - 1;
  }

 private:
  [[nodiscard]] std::optional<std::size_t> place_of(std::string_view id) const {
    const auto found = packages_by_id_.find(id);
    return found == packages_by_id_.end() ? std::nullopt : std::optional(found->second);
  }

  // Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package-1
  void relate(std::string_view value) {
    constexpr std::string_view kDocument = "SPDXRef-DOCUMENT";
    const std::string_view from = next_word(value), type = next_word(value);
    if (type == "DESCRIBES" && from == kDocument) described_.emplace(value);
    if (type == "DESCRIBED_BY" && value == kDocument) described_.emplace(from);
  }

  std::map<std::string, std::size_t, std::less<>> packages_by_id_;
  std::set<std::string> described_;  // ids
  std::string about_;                // what the last SPDXREF names
  std::size_t packages_ = 0;
  bool named_ = false;  // the id of what was begun last is known, or it is no package
};

}  // namespace

SbomComponents read_spdx_tags(std::string_view bytes, FileNotes& notes) {
  std::vector<SpdxDescription> packages;
  SbomComponents all, tools;
  Places places;
  TagReader reader(bytes);
  for (TagReader::Line line; reader.next(line);) {
    const auto [tag, value] = line;
    if (tag == "Creator") add_spdx_creator(value, tools);
    if (tag == "PackageName") {
      packages.emplace_back();
      packages.back().component.name = value;
    }
    places.read(line, packages.size());
    if (packages.empty()) continue;
    if (tag == "PackageAttributionText" || tag == "AnnotationComment") {
      const std::string module = spdx_remark({std::string(value)}, "Modularitylabel");
      const std::optional<std::size_t> whose = places.of(tag);
      if (!module.empty() && whose) packages[*whose].component.modularity = module;
    }
    add_field(line, packages.back());
  }
  if (const std::optional<std::size_t> described = places.described())
    packages[*described].component.subject = true;
  for (SpdxDescription& one : packages) add_spdx_package(std::move(one), all, notes);
  reader.note_bad_lines(notes);
  note_if_unlisted(all, "packages", !packages.empty(), notes);
  std::ranges::move(tools, std::back_inserter(all));
  return all;
}

}  // namespace peekr

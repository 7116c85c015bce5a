// SPDX-License-Identifier: Apache-2.0
#include "catalog/stanza.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

// A real stanza has about twenty headers. The bound keeps the memory of a hostile one small.
constexpr std::size_t kMaxFields = 256;
constexpr std::size_t kMaxNotes = 20;
constexpr std::size_t kMaxQuoted = 80;

// "Name: value" -> its name, or nothing where the line is no header.
std::string_view header_name(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view name = line.substr(0, colon);
  return std::ranges::any_of(name, is_space) ? std::string_view{} : name;
}

}  // namespace

std::string_view Stanza::value(std::string_view name) const {
  for (const Field& field : fields_) {
    if (equal_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

bool Stanza::has(std::string_view name) const {
  return std::ranges::any_of(fields_,
                             [name](const Field& field) { return equal_ignoring_case(field.name, name); });
}

void Stanza::add(std::string_view text, std::size_t number) {
  const bool continues = text.front() == ' ' || text.front() == '\t';
  if (text.front() == '#' || (continues && !fields_.empty())) return;
  const std::string_view name = continues ? std::string_view{} : header_name(text);
  if (name.empty() || fields_.size() == kMaxFields) {
    if (bad_line_ == 0) bad_line_ = number;
    return;
  }
  fields_.push_back({name, trim(text.substr(name.size() + 1))});
}

bool StanzaReader::next(Stanza& stanza) {
  stanza.fields_.clear();
  stanza.line_ = stanza.bad_line_ = 0;
  bool keyed = false;
  while (!rest_.empty()) {
    const std::string_view before = rest_;
    const std::string_view text = next_line(rest_);
    // Blanks alone end nothing inside a stanza: they are an empty line of a description written by hand.
    if (text.empty() || (stanza.line_ == 0 && trim(text).empty())) {
      ++number_;
      if (stanza.line_ != 0) return true;
      continue;
    }
    if (equal_ignoring_case(header_name(text.substr(0, key_.size() + 1)), key_)) {
      if (keyed) {
        rest_ = before;
        return true;
      }
      keyed = true;
    }
    ++number_;
    if (stanza.line_ == 0) stanza.line_ = number_;
    stanza.add(text, number_);
  }
  return stanza.line_ != 0;
}

void FileNotes::add(Why why, std::string what) {
  if (++count_ <= kMaxNotes) found_.notes.push_back({path_, why, context_ + what});
}

void FileNotes::finish() {
  if (count_ <= kMaxNotes) return;
  found_.notes.push_back({path_, Why::damaged, std::to_string(count_ - kMaxNotes) + " more like these"});
}

void add_named(Package package, Inventory& found, FileNotes& notes) {
  if (package.name.empty()) {
    notes.add(Why::damaged, "a package without a name");
  } else if (package.version.empty()) {
    notes.add(Why::damaged, peekr::quoted(package.name) + ": no version");
  } else {
    found.add(std::move(package));
  }
}

void note_if_cut_short(const File& file, FileNotes& notes) {
  if (file.bytes.empty() || file.bytes.back() == '\n') return;
  notes.add(Why::damaged, "perhaps cut short: the last line has no end");
}

std::string quoted(std::string_view name) {
  const bool cut_short = name.size() > kMaxQuoted;
  return printable(name.substr(0, kMaxQuoted)) + (cut_short ? "..." : "");
}

}  // namespace peekr
